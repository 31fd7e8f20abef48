package io.adstream.local.flink;

import io.adstream.local.CommandFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;

/**
 * Flink's configuration on one machine: {@code conf/config.yaml} with what a laptop needs
 * otherwise.
 *
 * @param restPort port of the REST interface and WebUI
 * @param jobManagerPort where the TaskManagers find the JobManager
 * @param taskManagers number of TaskManagers
 * @param slotsNeeded slots that all jobs take together
 * @param temporary folder for temporary files
 * @param storage folder for checkpoints and savepoints
 * @param given settings that the user gave, which win over all others
 */
public record ClusterConfig(
        int restPort,
        int jobManagerPort,
        int taskManagers,
        int slotsNeeded,
        Path temporary,
        Path storage,
        Map<String, String> given) {

    private static final String HOST = "127.0.0.1";

    /** Settings of a cluster of several machines that mean nothing, or harm, on one. */
    private static final List<String> DROPPED_PREFIXES =
            List.of("high-availability.", "metrics.reporter");

    public ClusterConfig {
        given = Map.copyOf(given);
    }

    /**
     * Reads {@code config.yaml} and puts the settings for this machine over it.
     *
     * @param conf the folder with {@code config.yaml}
     */
    public Configuration over(Path conf) {
        Configuration shared;
        try {
            shared = GlobalConfiguration.loadConfiguration(conf.toString());
        } catch (IllegalConfigurationException | IllegalArgumentException e) {
            throw new CommandFailure(
                    conf.resolve("config.yaml") + " is no valid configuration: " + e.getMessage(),
                    e);
        }
        Configuration config = new Configuration();
        shared.toMap()
                .forEach(
                        (key, value) -> {
                            // The Prometheus reporter listens on all addresses of the machine.
                            if (DROPPED_PREFIXES.stream().noneMatch(key::startsWith)) {
                                config.setString(key, value);
                            }
                        });
        local(config).forEach(config::setString);
        given.forEach(config::setString);
        if (!given.containsKey(TaskManagerOptions.MANAGED_MEMORY_FRACTION.key())
                && "hashmap".equals(config.get(StateBackendOptions.STATE_BACKEND))) {
            // Managed memory is RocksDB's alone; without it the heap can have it.
            config.setString(
                    TaskManagerOptions.MANAGED_MEMORY_SIZE.key(), MemorySize.ZERO.toString());
        }
        return config;
    }

    private Map<String, String> local(Configuration shared) {
        int configured = shared.get(TaskManagerOptions.NUM_TASK_SLOTS);
        int slots = Math.max(configured, (slotsNeeded + taskManagers - 1) / taskManagers);
        return Map.ofEntries(
                Map.entry("jobmanager.rpc.address", HOST),
                Map.entry("jobmanager.rpc.port", String.valueOf(jobManagerPort)),
                Map.entry("jobmanager.bind-host", HOST),
                Map.entry("taskmanager.host", HOST),
                Map.entry("taskmanager.bind-host", HOST),
                Map.entry("rest.address", HOST),
                Map.entry("rest.bind-address", HOST),
                Map.entry("rest.port", String.valueOf(restPort)),
                Map.entry("blob.server.port", "0"),
                Map.entry("jobmanager.memory.process.size", "1g"),
                Map.entry("taskmanager.memory.process.size", "2g"),
                Map.entry("taskmanager.numberOfTaskSlots", String.valueOf(slots)),
                Map.entry("parallelism.default", "2"),
                // A process that was killed is missed within seconds: nobody takes its calls any
                // more. One that gets no core while six jobs start is not taken for dead.
                Map.entry("heartbeat.interval", "1 s"),
                Map.entry("heartbeat.timeout", "30 s"),
                Map.entry("pekko.ask.timeout", "30 s"),
                Map.entry("io.tmp.dirs", temporary.toString()),
                Map.entry(
                        "execution.checkpointing.dir",
                        FlinkPaths.uri(storage.resolve("checkpoints"))),
                Map.entry(
                        "execution.checkpointing.savepoint-dir",
                        FlinkPaths.uri(storage.resolve("savepoints"))));
    }

    /** The configuration as Flink reads it from a file. */
    public static String toYaml(Configuration config) {
        return String.join("\n", ConfigurationUtils.convertConfigToWritableLines(config, true))
                + "\n";
    }

    /** Keys that {@code given} may not hold since the command itself depends on them. */
    public static Set<String> reserved() {
        return Set.of(
                "rest.port",
                "rest.address",
                "jobmanager.rpc.port",
                "jobmanager.rpc.address",
                "execution.checkpointing.dir",
                "execution.checkpointing.savepoint-dir");
    }
}
