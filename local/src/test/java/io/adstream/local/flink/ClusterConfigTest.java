package io.adstream.local.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.ProjectRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterConfigTest {

    @TempDir Path folder;

    @Test
    void putsTheSettingsOfOneMachineOverTheSharedOnes() throws Exception {
        Configuration config = config(Map.of(), 6);

        assertThat(config.toMap())
                .containsEntry("rest.port", "18081")
                .containsEntry("rest.bind-address", "127.0.0.1")
                .containsEntry("taskmanager.bind-host", "127.0.0.1")
                .containsEntry("parallelism.default", "2")
                .containsEntry("execution.checkpointing.num-retained", "3")
                .containsEntry(
                        "execution.checkpointing.dir",
                        "file://" + folder.resolve("data dir/flink/checkpoints"))
                .doesNotContainKey("metrics.reporters");

        Files.writeString(folder.resolve("config.yaml"), ClusterConfig.toYaml(config));
        assertThat(GlobalConfiguration.loadConfiguration(folder.toString()).toMap())
                .isEqualTo(config.toMap());
    }

    @Test
    void offersSlotsForAllJobsAndLetsTheUserWin() {
        assertThat(config(Map.of(), 12).toMap())
                .containsEntry("taskmanager.numberOfTaskSlots", "6");
        assertThat(config(Map.of("taskmanager.numberOfTaskSlots", "3"), 12).toMap())
                .containsEntry("taskmanager.numberOfTaskSlots", "3");
    }

    @Test
    void givesTheHeapWhatRocksDbDoesNotNeed() {
        assertThat(config(Map.of("state.backend.type", "hashmap"), 2).toMap())
                .containsEntry("taskmanager.memory.managed.size", "0 bytes");
        assertThat(config(Map.of(), 2).toMap())
                .doesNotContainKey("taskmanager.memory.managed.size");
    }

    private Configuration config(Map<String, String> given, int slots) {
        return new ClusterConfig(
                        18081,
                        16123,
                        2,
                        slots,
                        folder.resolve("tmp"),
                        folder.resolve("data dir/flink"),
                        given)
                .over(ProjectRoot.resolve("conf"));
    }
}
