package io.adstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedMetrics;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.oracle.Verdict;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores the savepoint of every released version and goes on from it. */
@ExtendWith(ServicesExtension.class)
class MetricsSavepointITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    static List<String> versions() {
        return MetricsSavepoints.STORED.versions();
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
        String prefix = MetricsSavepoints.STORED.prefix(version);
        MetricsJobRuns runs = new MetricsJobRuns(FLINK, kafka, redis, database, prefix, folder);
        runs.createTopics();
        AdTraffic traffic = MetricsSavepoints.traffic(prefix);
        // What the version that made the savepoint had read, and had left in the stores.
        RunningJob job = MetricsSavepoints.begin(runs, kafka, traffic);
        job.stopWithSavepoint();

        job = runs.start(MetricsSavepoints.STORED.uri(version), 2, "rocksdb");
        kafka.produce(traffic.over(Duration.ofMinutes(6), MetricsSavepoints.RECORDS));
        Instant end = MetricsSavepoints.START.plus(Duration.ofMinutes(130));
        kafka.produce(traffic.everywhere(end));
        runs.awaitFinal(MetricsSavepoints.START.plus(Duration.ofHours(1)));
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
}
