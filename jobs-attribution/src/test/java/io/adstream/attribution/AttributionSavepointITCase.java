package io.adstream.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.AttributionBatch;
import io.adstream.testing.oracle.ExpectedAttribution;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Restores the savepoint of every released version and goes on from it, with clicks and matches
 * that were open.
 */
@ExtendWith(ServicesExtension.class)
class AttributionSavepointITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    static List<String> versions() {
        return AttributionSavepoints.STORED.versions();
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
        String prefix = AttributionSavepoints.STORED.prefix(version);
        AttributionJobRuns runs =
                new AttributionJobRuns(FLINK, kafka, redis, database, prefix, folder);
        runs.createTopics();
        // What the version that made the savepoint had read, and had left in the stores.
        RunningJob job = AttributionSavepoints.readFirstHalf(runs);
        job.stopWithSavepoint();

        job = runs.start(AttributionSavepoints.STORED.uri(version), 2, "rocksdb");
        runs.send(AttributionSavepoints.secondHalf());
        runs.sendTime(AttributionSavepoints.END);
        ExpectedAttribution expected =
                AttributionBatch.with()
                        .build()
                        .addAll(kafka.readAll(prefix + "ad-events"))
                        .expected();
        runs.awaitConversions(expected.results().size());
        job.stopWithSavepoint();

        assertThat(expected.results()).hasSizeGreaterThan(100);
        try (Connection connection = database.connect()) {
            expected.compareConversions(connection).assertEqual();
            expected.compareCredits(connection).assertEqual();
        }
    }
}
