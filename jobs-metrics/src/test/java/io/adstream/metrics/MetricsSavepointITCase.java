package io.adstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.ProjectRoot;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedMetrics;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.oracle.Verdict;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Restores the savepoint of every released version and goes on from it.
 *
 * <p>A savepoint is that of the whole job after {@link #before} was read. {@link #writeSavepoint}
 * adds that of a new release, as CONTRIBUTING.md says; the old ones never change, and neither do
 * the records that they have read.
 */
@ExtendWith(ServicesExtension.class)
class MetricsSavepointITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    private static final String RELEASE = "0.1.0";
    private static final Path SAVEPOINTS =
            ProjectRoot.resolve("jobs-metrics/src/test/resources/savepoints/metrics");
    private static final Instant START = Instant.parse("2024-03-01T10:56:00Z");
    private static final int RECORDS = 400;

    static List<String> versions() throws IOException {
        try (Stream<Path> folders = Files.list(SAVEPOINTS)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void goesOnFromASavepointOfVersion(
            String version,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            @TempDir Path folder)
            throws Exception {
        String prefix = prefix(version);
        MetricsJobRuns runs = new MetricsJobRuns(FLINK, kafka, redis, database, prefix, folder);
        runs.createTopics();
        AdTraffic traffic = traffic(prefix);
        kafka.produce(before(traffic));
        // What the version that made the savepoint had left in the stores.
        RunningJob job = runs.start(null, 1, "hashmap");
        runs.awaitReceived(RECORDS);
        job.stopWithSavepoint();

        job = runs.start(SAVEPOINTS.resolve(version).toUri().toString(), 2, "rocksdb");
        kafka.produce(traffic.over(Duration.ofMinutes(6), RECORDS));
        Instant end = START.plus(Duration.ofMinutes(130));
        kafka.produce(traffic.everywhere(end));
        runs.awaitFinal(START.plus(Duration.ofHours(1)));
        job.stopWithSavepoint();

        ExpectedMetrics expected =
                MetricsBatchCount.with()
                        .keepEvents()
                        .build()
                        .addAll(kafka.readAll(prefix + "ad-events"))
                        .expected();
        assertThat(expected.count(Verdict.DUPLICATE)).isPositive();
        try (Connection connection = database.connect()) {
            expected.closedBy(end.minusSeconds(10)).compareWithPostgres(connection).assertEqual();
            expected.compareWithRawEvents(connection).assertEqual();
        }
        expected.compareWithDeadLetters(
                        prefix + "ad-events",
                        // The run above that stands for the old version has sent its share.
                        kafka.readAll(prefix + "ad-events.dlq"))
                .assertEqual();
    }

    @Test
    @Tag("write-fixtures")
    void writeSavepoint(
            KafkaBroker kafka, RedisServer redis, TestDatabase database, @TempDir Path folder)
            throws Exception {
        String prefix = prefix(RELEASE);
        MetricsJobRuns runs = new MetricsJobRuns(FLINK, kafka, redis, database, prefix, folder);
        runs.createTopics();
        kafka.produce(before(traffic(prefix)));
        RunningJob job = runs.start(null, 1, "hashmap");
        runs.awaitReceived(RECORDS);
        // No transaction may be left to commit: the next broker will know nothing of it.
        job.awaitCheckpoints(3);
        Path savepoint = Path.of(URI.create(job.stopWithSavepoint()));
        Path target = SAVEPOINTS.resolve(RELEASE);
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(savepoint)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    /** The same names for the same version, since they are part of its savepoint. */
    private static String prefix(String version) {
        return "savepoint-" + version + "-";
    }

    private static AdTraffic traffic(String prefix) {
        return new AdTraffic(prefix + "ad-events", MetricsJobRuns.PARTITIONS, START, 1);
    }

    private static List<ProducerRecord<byte[], byte[]>> before(AdTraffic traffic) {
        return traffic.over(Duration.ofMinutes(6), RECORDS);
    }
}
