package io.adstream.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedScore;
import io.adstream.testing.oracle.ExpectedScores;
import io.adstream.testing.oracle.ScoreBatch;
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
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/**
 * The whole job on Kafka, Redis and PostgreSQL: up to 1,000 ads over 25 hours, with amendments and
 * penalties, through the loss of three TaskManagers, two rescales and a Redis that is another one,
 * against a batch computation of the specification.
 */
@ExtendWith(ServicesExtension.class)
class QualityJobITCase {

    /** Parallelism 4 needs both TaskManagers. */
    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final AtomicInteger TASK_MANAGERS_ENDED = new AtomicInteger();
    private static final Instant START = Instant.parse("2024-11-01T00:00:00Z");
    private static final int PART = 50;

    private final ScoreBatch batch = new ScoreBatch();

    @ParameterizedTest
    @CsvSource({"hashmap, 1000", "rocksdb, 300"})
    void leavesWhatABatchComputationSays(
            String backend,
            int ads,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            @TempDir Path folder)
            throws Exception {
        String prefix = "quality-job-" + backend + "-";
        QualityJobRuns runs = new QualityJobRuns(FLINK, kafka, redis, database, prefix, folder);
        redis.flush();
        runs.createTopics();
        RowTraffic traffic =
                new RowTraffic(
                        runs.rowsTopic(),
                        QualityJobRuns.PARTITIONS,
                        ads,
                        START,
                        batch,
                        backend.length());

        RunningJob job = runs.start(null, 1, backend).awaitRunning();
        kafka.produce(traffic.windows(PART));
        pause(kafka, runs, traffic);
        for (int ad = 50; ad < 60; ad++) {
            penalize(runs, traffic, "ad-" + ad, 1.5, Duration.ofHours(1));
        }
        awaitBatch(runs, traffic);
        String savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 4, backend).awaitRunning();
        for (int loss = 1; loss <= 3; loss++) {
            kafka.produce(traffic.windows(PART));
            loseTaskManager(job, loss);
        }
        savepoint = job.stopWithSavepoint();

        job = runs.start(savepoint, 2, backend).awaitRunning();
        kafka.produce(traffic.windows(PART));
        pause(kafka, runs, traffic);
        penalize(runs, traffic, "ad-60", 20, Duration.ofMinutes(10));
        penalize(runs, traffic, "ad-61", 0.2, Duration.ofDays(1));
        awaitBatch(runs, traffic);
        kafka.produce(traffic.windows(PART));
        pause(kafka, runs, traffic);
        List<ExpectedScore> scores = scores(traffic);
        ExpectedScores expected = ExpectedScores.of(scores);
        Set<String> present = batch.current().keySet();
        try (Connection connection = database.connect();
                Jedis client = redis.connect()) {
            QualityJobRuns.until("the hashes of all ads")
                    .untilAsserted(() -> expected.compareWithRedis(client, present).assertEqual());
            savepoint = job.stopWithSavepoint();
            expected.compareWithKafka(runs.records()).assertEqual();
            expected.compareWithPostgres(connection).assertEqual();
        }
        assertThat(scores).hasSizeGreaterThan(5 * ads);
        assertThat(present).hasSizeLessThan(ads).hasSizeGreaterThan(ads * 9 / 10);
        assertServedAgain(kafka, database, prefix, folder, savepoint, expected, present);
    }

    /** A job that was stopped meets another Redis, which holds nothing. */
    private static void assertServedAgain(
            KafkaBroker kafka,
            TestDatabase database,
            String prefix,
            Path folder,
            String savepoint,
            ExpectedScores expected,
            Set<String> present)
            throws Exception {
        try (RedisProcess other = RedisServer.start(folder.resolve("redis"));
                Jedis client = other.connect()) {
            RunningJob job =
                    new QualityJobRuns(FLINK, kafka, other, database, prefix, folder)
                            .start(savepoint, 1, "hashmap");
            QualityJobRuns.until("the hashes of all ads, again")
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> expected.compareWithRedis(client, present).assertEqual());
            job.stopWithSavepoint();
        }
    }

    /** Lets the newest window's refresh pass, and waits for it. */
    private void pause(KafkaBroker kafka, QualityJobRuns runs, RowTraffic traffic) {
        kafka.produce(traffic.time());
        awaitBatch(runs, traffic);
    }

    private void awaitBatch(QualityJobRuns runs, RowTraffic traffic) {
        runs.awaitPublished(scores(traffic));
    }

    private List<ExpectedScore> scores(RowTraffic traffic) {
        return batch.scores(START.plus(RowTraffic.WINDOW), traffic.end());
    }

    /** Sends a penalty when the newest refresh has passed, and before the next can. */
    private void penalize(
            QualityJobRuns runs, RowTraffic traffic, String adId, double points, Duration length) {
        Instant until = traffic.end().plus(length);
        batch.penalty(adId, points, "alert-" + adId, traffic.end(), until);
        runs.penalize(adId, points, "alert-" + adId, until);
    }

    /** Ends the TaskManager that has run longest, and waits until the job has recovered. */
    private static void loseTaskManager(RunningJob job, int restarts) {
        FLINK.endTaskManager(TASK_MANAGERS_ENDED.getAndIncrement());
        FLINK.startTaskManager();
        job.awaitRestarts(restarts);
    }
}
