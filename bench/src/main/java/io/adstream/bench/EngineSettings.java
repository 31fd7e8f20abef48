package io.adstream.bench;

import io.adstream.testing.ProjectRoot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/** What {@code conf/config.yaml} says about jobs, as far as it does not name places. */
final class EngineSettings {

    private static final List<String> PREFIXES =
            List.of("pipeline.", "execution.checkpointing.", "state.backend.");

    private EngineSettings() {}

    static Map<String, String> ofProduction() {
        Configuration all =
                GlobalConfiguration.loadConfiguration(ProjectRoot.resolve("conf").toString());
        Map<String, String> jobs = new TreeMap<>();
        all.toMap()
                .forEach(
                        (key, value) -> {
                            if (PREFIXES.stream().anyMatch(key::startsWith)) {
                                jobs.put(key, value);
                            }
                        });
        return jobs;
    }
}
