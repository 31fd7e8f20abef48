package io.adstream.attribution;

import static io.adstream.testing.events.AdEventJson.click;
import static io.adstream.testing.events.AdEventJson.conversion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.AttributionBatch;
import io.adstream.testing.oracle.ExpectedAttribution;
import io.adstream.testing.oracle.LateRule;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * The whole job on Kafka, Redis and PostgreSQL: what it leaves after the loss of five TaskManagers,
 * two rescales with open matches, and a Redis that is another one is what brute force says.
 */
@ExtendWith(ServicesExtension.class)
class AttributionJobITCase {

    /** Parallelism 4 needs both TaskManagers. */
    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final AtomicInteger TASK_MANAGERS_ENDED = new AtomicInteger();
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofHours(30);
    private static final int CONVERSIONS = 4000;

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void leavesWhatBruteForceSays(
            String backend,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            @TempDir Path folder)
            throws Exception {
        String prefix = "attribution-job-" + backend + "-";
        AttributionJobRuns runs =
                new AttributionJobRuns(FLINK, kafka, redis, database, prefix, folder);
        redis.flush();
        runs.createTopics();
        List<byte[]> records =
                new Journeys(START, SPAN, CONVERSIONS, false, backend.length()).records();
        int part = records.size() / 8;

        RunningJob job = runs.start(null, 1, backend).awaitRunning();
        runs.send(records.subList(0, part));
        awaitOpenMatches(job);
        String savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 4, backend).awaitRunning();
        for (int loss = 1; loss <= 5; loss++) {
            runs.send(records.subList(loss * part, (loss + 1) * part));
            loseTaskManager(job, loss);
        }
        awaitOpenMatches(job);
        savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 2, backend).awaitRunning();
        runs.send(records.subList(6 * part, records.size()));
        Instant end = START.plus(SPAN).plusSeconds(90);
        runs.sendTime(end);
        int onTime = expected(kafka, prefix, Set.of()).results().size();
        runs.awaitConversions(onTime);
        // Beyond doubt, now that all else is resolved.
        runs.send(
                List.of(
                        click("late-click").session("s").at(START).json(),
                        conversion("late-1").session("s").value("1.5").at(START).json(),
                        conversion("late-2").session("s").at(START.plusSeconds(3600)).json(),
                        conversion("late-1").session("s").value("1.5").at(START).json()));
        runs.awaitConversions(onTime + 2);

        ExpectedAttribution expected =
                expected(kafka, prefix, Set.of("late-click", "late-1", "late-2"));
        assertThat(expected.results()).hasSizeGreaterThan(CONVERSIONS * 9 / 10);
        Instant watermark = end.minusMillis(Journeys.DISORDER + 1);
        assertThat(expected.hashes(watermark)).isNotEmpty();
        try (Connection connection = database.connect();
                Jedis client = redis.connect()) {
            awaitRedis(expected, client, watermark);
            savepoint = job.stopWithSavepoint();
            expected.compareConversions(connection).assertEqual();
            expected.compareCredits(connection).assertEqual();
        }
        expected.compareWithKafka(kafka.readAll(prefix + "performance-metrics")).assertEqual();
        assertServedAgain(kafka, database, prefix, folder, savepoint, expected, end);
    }

    /** A job that was stopped meets another Redis, which holds nothing. */
    private static void assertServedAgain(
            KafkaBroker kafka,
            TestDatabase database,
            String prefix,
            Path folder,
            String savepoint,
            ExpectedAttribution expected,
            Instant end)
            throws Exception {
        try (RedisProcess other = RedisServer.start(folder.resolve("redis"));
                Jedis client = other.connect()) {
            AttributionJobRuns runs =
                    new AttributionJobRuns(FLINK, kafka, other, database, prefix, folder);
            RunningJob job = runs.start(savepoint, 1, "hashmap");
            // The same minute: time alone, which tells the restored job where it is.
            runs.sendTime(end.plusSeconds(20));
            awaitRedis(expected, client, end.minusMillis(Journeys.DISORDER + 1));
            job.stopWithSavepoint();
        }
    }

    private static ExpectedAttribution expected(
            KafkaBroker kafka, String prefix, Set<String> late) {
        return AttributionBatch.with()
                .late(LateRule.ids(late))
                .build()
                .addAll(kafka.readAll(prefix + "ad-events"))
                .expected();
    }

    /** Ends the TaskManager that has run longest, and waits until the job has recovered. */
    private static void loseTaskManager(RunningJob job, int restarts) {
        FLINK.endTaskManager(TASK_MANAGERS_ENDED.getAndIncrement());
        FLINK.startTaskManager();
        job.awaitRestarts(restarts);
    }

    private static void awaitOpenMatches(RunningJob job) {
        await("open matches")
                .atMost(Duration.ofSeconds(60))
                .until(() -> job.metricSum("openPartialMatches") > 0);
    }

    private static void awaitRedis(ExpectedAttribution expected, Jedis client, Instant watermark) {
        await("the hours of all ads")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> expected.compareWithRedis(client, watermark).assertEqual());
    }
}
