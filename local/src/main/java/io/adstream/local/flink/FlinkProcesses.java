package io.adstream.local.flink;

import io.adstream.local.CommandFailure;
import io.adstream.local.install.Installation;
import io.adstream.local.process.Launcher;
import io.adstream.local.process.ProcessSpec;
import io.adstream.local.service.ServiceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.jspecify.annotations.Nullable;

/**
 * The command lines of Flink's processes, with the memory that Flink itself derives from its
 * configuration: what the shell scripts of a Flink distribution do.
 */
public final class FlinkProcesses {

    private static final String LOGGING = "log4j2.properties";

    /** The variable that says how much TaskManagers let others go first. */
    private static final String NICE_VARIABLE = "ADSTREAM_NICE";

    /** A third of the weight of others; with a tenth they answered the JobManager too late. */
    private static final int NICE = 5;

    private final Installation installation;
    private final Path conf;
    private final Path logs;
    private final Configuration config;

    /**
     * @param conf the folder that takes Flink's configuration, written by {@link #writeConfig}
     * @param logs the folder for logs
     */
    public FlinkProcesses(Installation installation, Path conf, Path logs, Configuration config) {
        this.installation = installation;
        this.conf = conf;
        this.logs = logs;
        this.config = config;
    }

    /** Writes what the processes read at their start. */
    public void writeConfig() {
        ServiceFile.write(conf.resolve("config.yaml"), ClusterConfig.toYaml(config));
        ServiceFile.writeResource(conf.resolve(LOGGING), LOGGING);
    }

    public ProcessSpec jobManager(String name) {
        try {
            JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(config);
            return process(
                    name,
                    List.of(),
                    JobManagerProcessUtils.generateJvmParametersStr(memory, config),
                    "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                    JobManagerProcessUtils.generateDynamicConfigsStr(memory),
                    List.of());
        } catch (IllegalConfigurationException | IllegalArgumentException e) {
            throw wrongMemory("JobManager", e);
        }
    }

    /**
     * A TaskManager. It takes all cores while there is a backlog, or much for the JIT compiler to
     * do: what people look at, the page, Flink's WebUI and the stores, goes first meanwhile.
     *
     * @param attempt how often it was started before: the cluster must not take a new process for
     *     the one that it lost
     */
    public ProcessSpec taskManager(String name, int attempt) {
        try {
            TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(config);
            return process(
                    name,
                    Launcher.politely(niceness(System.getenv(NICE_VARIABLE))),
                    ProcessMemoryUtils.generateJvmParametersStr(memory),
                    "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                    TaskExecutorProcessUtils.generateDynamicConfigsStr(memory),
                    List.of(
                            "-D",
                            "taskmanager.resource-id="
                                    + name
                                    + (attempt == 0 ? "" : "-restart-" + attempt)));
        } catch (IllegalConfigurationException | IllegalArgumentException e) {
            throw wrongMemory("TaskManager", e);
        }
    }

    /** Flink's own command line, as {@code bin/flink} starts it. */
    public List<String> commandLine(Path log) {
        List<String> command = new ArrayList<>();
        command.add(Installation.java());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
        command.addAll(opens());
        command.addAll(logging(log));
        command.addAll(
                List.of(
                        "-cp",
                        installation.flinkClassPath(),
                        "org.apache.flink.client.cli.CliFrontend"));
        return command;
    }

    public Map<String, String> environment() {
        return Map.of(
                "FLINK_CONF_DIR",
                conf.toString(),
                "FLINK_PLUGINS_DIR",
                conf.resolve("plugins").toString());
    }

    /** How much TaskManagers let others go first. */
    static int niceness(@Nullable String variable) {
        if (variable == null || variable.isBlank()) {
            return NICE;
        }
        if (!variable.strip().matches("1?[0-9]")) {
            throw new CommandFailure(NICE_VARIABLE + " is '" + variable + "'; allowed is 0 to 19.");
        }
        return Integer.parseInt(variable.strip());
    }

    private ProcessSpec process(
            String name,
            List<String> before,
            String memory,
            String main,
            String dynamic,
            List<String> extra) {
        Path log = logs.resolve(name + ".log");
        List<String> command = new ArrayList<>(before);
        command.add(Installation.java());
        command.addAll(words(memory));
        command.add("-XX:+UseG1GC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(opens());
        command.addAll(logging(log));
        command.addAll(
                List.of(
                        "-cp",
                        installation.flinkClassPath(),
                        main,
                        "--configDir",
                        conf.toString()));
        command.addAll(words(dynamic));
        command.addAll(extra);
        return new ProcessSpec(name, command, environment(), logs.resolve(name + ".out"), log);
    }

    private List<String> opens() {
        return words(
                config.get(CoreOptions.FLINK_DEFAULT_JVM_OPTIONS)
                        + " "
                        + config.get(CoreOptions.FLINK_JVM_OPTIONS));
    }

    private List<String> logging(Path log) {
        return List.of(
                "-Dlog.file=" + log,
                "-Dlog4j.configurationFile=" + conf.resolve(LOGGING).toUri(),
                "-Dlog4j2.formatMsgNoLookups=true");
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.trim().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private static CommandFailure wrongMemory(String process, RuntimeException cause) {
        return new CommandFailure(
                "The memory settings of the " + process + " do not fit: " + cause.getMessage(),
                cause);
    }
}
