package io.adstream.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores the savepoint of every released version and goes on from it. */
@ExtendWith(ServicesExtension.class)
class AnomalySavepointITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    static List<String> versions() {
        return AnomalySavepoints.STORED.versions();
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
        AnomalyJobRuns runs =
                new AnomalyJobRuns(
                                FLINK,
                                kafka,
                                redis,
                                database,
                                AnomalySavepoints.STORED.prefix(version),
                                folder,
                                Map.of())
                        .createTopics();
        kafka.produce(AnomalySavepoints.records(version));
        RunningJob job = runs.start(AnomalySavepoints.STORED.uri(version), 2, "rocksdb");
        AnomalyJobRuns.until("the drop to be over").until(() -> resolved(runs) == 1);
        job.stopWithSavepoint();

        // What had opened before is not opened again; only the drop was still open.
        assertThat(runs.opened()).isEmpty();
        assertThat(runs.records("alerts"))
                .allMatch(alert -> alert.get("rule_id").asText().equals("cvr-drop"));
    }

    private static long resolved(AnomalyJobRuns runs) {
        long resolved = 0;
        for (JsonNode alert : runs.records("alerts")) {
            resolved += alert.get("status").asText().equals("RESOLVED") ? 1 : 0;
        }
        return resolved;
    }
}
