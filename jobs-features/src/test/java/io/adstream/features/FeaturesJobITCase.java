package io.adstream.features;

import static io.adstream.testing.events.CommerceEventJson.purchase;
import static io.adstream.testing.events.CommerceEventJson.view;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedFeatures;
import io.adstream.testing.oracle.FeaturesBatch;
import io.adstream.testing.oracle.FeaturesComparison;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * The whole job on Kafka, Redis and PostgreSQL: what it leaves after the loss of five TaskManagers,
 * two rescales, and a Redis that is another one is what a look at all actions says.
 */
@ExtendWith(ServicesExtension.class)
class FeaturesJobITCase {

    /** Parallelism 4 needs both TaskManagers. */
    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final AtomicInteger TASK_MANAGERS_ENDED = new AtomicInteger();
    private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofHours(3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PEOPLE = 400;

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void leavesWhatALookAtAllActionsSays(
            String backend,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            @TempDir Path folder)
            throws Exception {
        String prefix = "features-job-" + backend + "-";
        redis.flush();
        FeaturesJobRuns runs = new FeaturesJobRuns(FLINK, kafka, redis, database, prefix, folder);
        runs.createTopics();
        List<Shoppers.Sent> records = Shoppers.records(START, SPAN, PEOPLE, backend.hashCode());
        int part = records.size() / 8;

        RunningJob job = runs.start(null, 1, backend).awaitRunning();
        runs.send(records.subList(0, part));
        runs.sendToShop("no JSON".getBytes(UTF_8), null, "{}".getBytes(UTF_8));
        awaitReceived(job, part);
        String savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 4, backend).awaitRunning();
        for (int loss = 1; loss <= 5; loss++) {
            runs.send(records.subList(loss * part, (loss + 1) * part));
            FLINK.endTaskManager(TASK_MANAGERS_ENDED.getAndIncrement());
            FLINK.startTaskManager();
            job.awaitRestarts(loss);
        }
        savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 2, backend).awaitRunning();
        runs.send(records.subList(6 * part, records.size()));
        Instant end = START.plus(SPAN).plus(Duration.ofMinutes(40));
        runs.sendTime(end);
        Instant watermark = end.minusMillis(10_001);
        FeaturesBatch batch = runs.addTo(FeaturesBatch.withoutLate());
        ExpectedFeatures expected = batch.expected();
        assertThat(expected.users()).isGreaterThan(PEOPLE);
        assertThat(expected.signals()).hasSizeGreaterThan(PEOPLE / 4);
        assertThat(batch.duplicates()).isPositive();
        try (Jedis client = redis.connect()) {
            awaitRedis(expected, client, watermark);
            assertTimesToLive(client);
            // Beyond doubt late, now that all else is there.
            runs.sendToShop(
                    view("late").id("late-1").at(START).json(),
                    purchase("late").id("late-2").at(START.plusSeconds(60)).json());
            runs.sendTime(end.plusSeconds(1));
            awaitLate(job, 2);
            savepoint = job.stopWithSavepoint();
        }
        batch = runs.addTo(FeaturesBatch.withLate(Set.of("late-1", "late-2")));
        assertThat(batch.late()).isEqualTo(2);
        FeaturesComparison.with(batch.expected())
                .ofKafka(kafka.readAll(prefix + "user-signals"), watermark.plusSeconds(1))
                .assertEqual();
        assertThat(kafka.readAll(prefix + "commerce-events.dlq")).hasSize(3);
        assertThat(
                        database.queryLong(
                                "select count(*) from realtime.ingest_1min where job = 'features'"
                                        + " and topic = 'commerce-events' and received <> valid +"
                                        + " duplicate + late + rejected"))
                .isZero();
        assertThat(database.queryLong("select sum(late) from realtime.ingest_1min")).isEqualTo(2);
        assertServedAgain(kafka, database, prefix, folder, savepoint, end);
    }

    private static void awaitReceived(RunningJob job, long count) {
        await("records to be read")
                .atMost(PATIENCE)
                .until(() -> job.metricSum("receivedEvents") >= count);
    }

    private static void awaitLate(RunningJob job, long count) {
        await("late records").atMost(PATIENCE).until(() -> job.metricSum("lateEvents") >= count);
    }

    private static void awaitRedis(ExpectedFeatures expected, Jedis client, Instant watermark) {
        await("Redis")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () ->
                                FeaturesComparison.with(expected)
                                        .ofRedis(client, watermark)
                                        .assertEqual());
    }

    private static void assertTimesToLive(Jedis redis) {
        assertTimeToLive(redis, "user_features:*", Duration.ofHours(2), PATIENCE);
        assertTimeToLive(redis, "session_features:*", Duration.ofHours(1), PATIENCE);
        assertTimeToLive(redis, "ad_session_features:*", Duration.ofHours(1), PATIENCE);
        assertTimeToLive(redis, "user_profile:*", Duration.ofDays(30), PATIENCE);
        // Signals began at any time before the last watermark.
        assertTimeToLive(redis, "retargeting:*", Duration.ofHours(24), Duration.ofHours(1));
    }

    /** No key lives longer than it should, and the newest lives that long. */
    private static void assertTimeToLive(
            Jedis redis, String pattern, Duration most, Duration passed) {
        Set<String> keys = redis.keys(pattern);
        assertThat(keys).as(pattern).isNotEmpty();
        assertThat(keys).as(pattern).allMatch(key -> redis.pttl(key) > 0);
        assertThat(keys.stream().mapToLong(redis::pttl).max().getAsLong())
                .as(pattern)
                .isBetween(most.minus(passed).toMillis(), most.toMillis());
    }

    /** A job that was stopped meets another Redis, which holds nothing. */
    private static void assertServedAgain(
            KafkaBroker kafka,
            TestDatabase database,
            String prefix,
            Path folder,
            String savepoint,
            Instant end)
            throws Exception {
        try (RedisProcess other = RedisServer.start(folder.resolve("redis"));
                Jedis client = other.connect()) {
            FeaturesJobRuns runs =
                    new FeaturesJobRuns(FLINK, kafka, other, database, prefix, folder);
            RunningJob job = runs.start(savepoint, 1, "hashmap");
            runs.sendTime(end.plusSeconds(2));
            Instant watermark = end.plusSeconds(2).minusMillis(10_001);
            ExpectedFeatures now =
                    runs.addTo(FeaturesBatch.withLate(Set.of("late-1", "late-2"))).expected();
            await("all that lives")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(
                            () ->
                                    FeaturesComparison.with(now)
                                            .ofLiveRedis(
                                                    client,
                                                    watermark,
                                                    watermark.minus(Duration.ofHours(1)),
                                                    PATIENCE)
                                            .assertEqual());
            job.stopWithSavepoint();
        }
    }

    @Test
    void aShopAloneMovesTime(
            KafkaBroker kafka, RedisServer redis, TestDatabase database, @TempDir Path folder)
            throws Exception {
        String prefix = "features-shop-";
        redis.flush();
        FeaturesJobRuns runs =
                new FeaturesJobRuns(FLINK, kafka, redis, database, prefix, folder)
                        .with("watermark.idleness", "2 s");
        runs.createTopics();
        RunningJob job = runs.start(null, 2, "hashmap").awaitRunning();
        runs.sendToShop(
                "{\"event_time\":\"2024-01-01T10:00:00\",\"event_type\":\"view\",\"user_id\":\"111\",\"price\":29.99}"
                        .getBytes(UTF_8),
                "{\"event_time\":\"2024-01-01T10:00:00\",\"event_type\":\"view\",\"user_id\":\"111\",\"price\":29.99}"
                        .getBytes(UTF_8),
                view("222").at("2024-01-01T10:30:00").json());
        try (Jedis client = redis.connect()) {
            await("the newest hour")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(client.hgetAll("user_features:111"))
                                            .containsEntry("view_count_1h", "2")
                                            .containsEntry("avg_viewed_price_1h", "29.99")
                                            .containsEntry(
                                                    "window_end", "2024-01-01T10:20:00.000Z"));
            await("the session")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(client.hgetAll("session_features:111:1704103200000"))
                                            .containsEntry("event_count", "2")
                                            .containsEntry("duration_seconds", "0"));
        }
        job.cancel();
    }
}
