package io.adstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedMetrics;
import io.adstream.testing.oracle.LateRule;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.oracle.RowKey;
import io.adstream.testing.oracle.Verdict;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * The whole job on Kafka, Redis and PostgreSQL: what it leaves after restarts, rescales and the
 * loss of a TaskManager is what a batch count of its input says.
 */
@ExtendWith(ServicesExtension.class)
class MetricsJobITCase {

    /** Parallelism 4 needs both TaskManagers. */
    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final int CHUNK = 5000;
    private static final Duration SPAN = Duration.ofMinutes(8);

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void leavesWhatABatchCountSays(
            String backend,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            @TempDir Path folder)
            throws Exception {
        int run = RUNS.getAndIncrement();
        String prefix = "metrics-job-" + run + "-";
        MetricsJobRuns runs = new MetricsJobRuns(FLINK, kafka, redis, database, prefix, folder);
        redis.flush();
        runs.createTopics();
        Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(4));
        Instant end = start.plus(Duration.ofMinutes(100)).plusSeconds(30);
        AdTraffic traffic =
                new AdTraffic(prefix + "ad-events", MetricsJobRuns.PARTITIONS, start, 100 + run);

        RunningJob job = runs.start(null, 1, backend).awaitRunning();
        kafka.produce(traffic.over(SPAN, CHUNK));
        String savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 4, backend);
        kafka.produce(traffic.over(SPAN, CHUNK));
        runs.awaitReceived(CHUNK + 1);
        kafka.produce(traffic.over(SPAN, CHUNK));
        FLINK.endTaskManager(run);
        FLINK.startTaskManager();
        job.awaitRestarts(1);
        savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 2, backend);
        kafka.produce(traffic.over(SPAN, CHUNK));
        kafka.produce(traffic.everywhere(end));
        runs.awaitFinal(start.plus(Duration.ofHours(1)));
        kafka.produce(traffic.late(50, start.plus(Duration.ofMinutes(10))));
        runs.awaitReceived(4 * CHUNK + MetricsJobRuns.PARTITIONS + 50);
        ExpectedMetrics expected =
                MetricsBatchCount.with()
                        .keepEvents()
                        .late(LateRule.ids(traffic.lateIds()))
                        .build()
                        .addAll(kafka.readAll(prefix + "ad-events"))
                        .expected();
        assertThat(expected.count(Verdict.LATE)).isEqualTo(50);
        assertThat(expected.count(Verdict.DUPLICATE)).isPositive();
        assertThat(expected.count(Verdict.ID_CONFLICT)).isPositive();
        Instant watermark = end.minusSeconds(10);
        ExpectedMetrics closed = expected.closedBy(watermark);
        try (Connection connection = database.connect();
                Jedis client = redis.connect()) {
            await("live values, which may be a second behind")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> expected.compareWithRedis(client, watermark, true).assertEqual());
            job.stopWithSavepoint();
            closed.compareWithPostgres(connection).assertEqual();
            closed.compareWithKafka(kafka.readAll(prefix + "performance-metrics")).assertEqual();
            assertThat(new TreeSet<>(client.keys("*:metrics:*")))
                    .isEqualTo(redisKeys(expected, watermark));
            expected.compareWithDeadLetters(
                            prefix + "ad-events", kafka.readAll(prefix + "ad-events.dlq"))
                    .assertEqual();
            expected.compareWithIngest(connection, "metrics", "ad-events").assertEqual();
            expected.compareWithRawEvents(connection).assertEqual();
        }
        assertThat(database.queryLong("select max(revision) from realtime.metrics_1min"))
                .as("an amendment")
                .isGreaterThan(1);
        assertThat(
                        database.queryLong(
                                "select count(*) from realtime.ingest_1min where received"
                                        + " <> valid + duplicate + late + rejected"))
                .isZero();
    }

    private static TreeSet<String> redisKeys(ExpectedMetrics expected, Instant watermark) {
        TreeSet<String> keys = new TreeSet<>();
        for (RowKey row : expected.rows().keySet()) {
            keys.add(
                    row.entityType().toLowerCase(Locale.ROOT)
                            + ":"
                            + row.entityId()
                            + ":metrics:"
                            + row.window().label()
                            + (row.windowEnd().isAfter(watermark) ? ":live" : ""));
        }
        return keys;
    }
}
