package io.adstream.local.system;

import io.adstream.local.Report;
import io.adstream.local.flink.ClusterConfig;
import io.adstream.local.flink.FlinkProcesses;
import io.adstream.local.flink.FlinkRest;
import io.adstream.local.flink.JobArguments;
import io.adstream.local.flink.JobLauncher;
import io.adstream.local.flink.JobStarter;
import io.adstream.local.install.Installation;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Flink of one system: its configuration, its processes, its REST interface, and what jobs are
 * started with.
 *
 * @param config the cluster's configuration
 */
public record FlinkSetup(
        Installation installation,
        DataDir data,
        Ports ports,
        Configuration config,
        @Nullable Integer parallelism,
        @Nullable String stateBackend) {

    static final int TASK_MANAGERS = 2;

    /** For a system that is being started. */
    static FlinkSetup forStart(Installation installation, DataDir data, UpOptions options) {
        Ports ports = new Ports(options.portOffset());
        Map<String, String> given = new HashMap<>(options.flink());
        if (options.stateBackend() != null) {
            given.put("state.backend.type", options.stateBackend());
        }
        if (options.parallelism() != null) {
            given.put("parallelism.default", options.parallelism().toString());
        }
        int parallelism = options.parallelism() == null ? 2 : options.parallelism();
        Configuration config =
                new ClusterConfig(
                                ports.flink(),
                                ports.jobManager(),
                                TASK_MANAGERS,
                                Math.max(1, installation.jobs().size()) * parallelism,
                                data.flinkTemporary(),
                                data.root().resolve("flink"),
                                given)
                        .over(installation.conf());
        return new FlinkSetup(
                installation, data, ports, config, options.parallelism(), options.stateBackend());
    }

    /** Of a system that runs, with the configuration that it was started with. */
    public static FlinkSetup ofRunning(Installation installation, RunningSystem system) {
        SystemState state = system.state();
        return new FlinkSetup(
                installation,
                system.data(),
                system.ports(),
                GlobalConfiguration.loadConfiguration(system.data().flinkConf().toString()),
                state.parallelism(),
                state.stateBackend());
    }

    public FlinkRest rest() {
        return new FlinkRest(ports.flink());
    }

    FlinkProcesses processes() {
        return new FlinkProcesses(installation, data.flinkConf(), data.logs(), config);
    }

    /** Starts jobs on this cluster. */
    public JobStarter starter(Report report) {
        return starter(report, parallelism);
    }

    /** Starts jobs on this cluster with a parallelism of their own. */
    public JobStarter starter(Report report, @Nullable Integer ofJob) {
        Endpoints endpoints = new Endpoints(ports, data.postgresPasswordFile());
        return new JobStarter(
                installation,
                data,
                rest(),
                new JobLauncher(processes(), installation.jobConf(), data.logs(), ports.flink()),
                new JobArguments(
                        endpoints.kafka(),
                        ports.redis(),
                        endpoints.postgresUrl(),
                        endpoints.postgresUser(),
                        endpoints.postgresPasswordFile(),
                        ofJob,
                        stateBackend),
                report);
    }
}
