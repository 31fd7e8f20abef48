package io.adstream.local;

import io.adstream.local.flink.ClusterConfig;
import io.adstream.local.install.Installation;
import io.adstream.local.system.Background;
import io.adstream.local.system.DataDir;
import io.adstream.local.system.Ports;
import io.adstream.local.system.Supervisor;
import io.adstream.local.system.UpOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code adstream up}. */
@Command(
        name = "up",
        sortOptions = false,
        description = {
            "Starts Kafka, Redis, PostgreSQL, a Flink cluster, the jobs and simulated traffic.",
            "",
            "Everything runs in processes of its own, on loopback only. A process that dies is"
                    + " started again, a job that is lost is submitted again from its newest"
                    + " checkpoint. Ctrl-C, or adstream down, stops everything with savepoints; the"
                    + " next up continues from them."
        },
        footer = {
            "",
            "Ports: Kafka 9092 (and 9093), Redis 6379, PostgreSQL 5432, Flink 8081 (and 6123)."
        })
final class UpCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Option(
            names = {"-d", "--detach"},
            description = "Return once every job runs; a supervisor goes on in the background.")
    private boolean detach;

    @Option(names = "--no-traffic", description = "Do not start the traffic simulator.")
    private boolean noTraffic;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Records per second of simulated traffic (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--jobs",
            paramLabel = "A,B",
            description = "The jobs to run (default: all). '' runs none.")
    private @Nullable String jobs;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Parallelism of every job (default: 2).")
    private @Nullable Integer parallelism;

    @Option(
            names = "--state-backend",
            paramLabel = "hashmap|rocksdb",
            description =
                    "Where jobs keep state (default: as conf/config.yaml says). A change takes"
                            + " effect across a down with savepoints.")
    private @Nullable String stateBackend;

    @Option(names = "--fresh", description = "Delete the data of earlier runs first.")
    private boolean fresh;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Add N to every port (default: 0).")
    private int portOffset;

    @Option(
            names = "--flink",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of the Flink cluster, such as taskmanager.memory.process.size=4g; may"
                            + " be repeated.")
    private Map<String, String> flink = new LinkedHashMap<>();

    @Override
    public Integer call() {
        Installation installation = Installation.current();
        UpOptions options = options(installation);
        DataDir data = dataDir.dataDir();
        if (detach) {
            return new Background(data, spec.commandLine().getOut()).up(foregroundArguments());
        }
        return new Supervisor(
                        installation, data, options, new ProgressLines(spec.commandLine().getOut()))
                .run();
    }

    private UpOptions options(Installation installation) {
        if (rate <= 0) {
            throw wrong("--rate is " + rate + ", allowed is a positive number.");
        }
        if (parallelism != null && (parallelism < 1 || parallelism > 64)) {
            throw wrong("--parallelism is " + parallelism + ", allowed is 1 to 64.");
        }
        if (stateBackend != null && !List.of("hashmap", "rocksdb").contains(stateBackend)) {
            throw wrong("--state-backend is " + stateBackend + ", allowed is hashmap or rocksdb.");
        }
        for (String key : flink.keySet()) {
            if (ClusterConfig.reserved().contains(key)) {
                throw wrong("--flink " + key + ": adstream sets this itself; leave it out.");
            }
        }
        List<String> chosen =
                jobs == null
                        ? List.copyOf(installation.jobs().keySet())
                        : Arrays.stream(jobs.split(",", -1))
                                .map(String::trim)
                                .filter(job -> !job.isEmpty())
                                .distinct()
                                .toList();
        chosen.forEach(installation::jar);
        return new UpOptions(
                chosen,
                !noTraffic,
                rate,
                parallelism,
                stateBackend,
                fresh,
                new Ports(portOffset).offset(),
                flink);
    }

    /** The arguments of this call for the process in the background, which is not to detach. */
    private List<String> foregroundArguments() {
        CommandLine.ParseResult parsed = spec.commandLine().getParseResult();
        List<String> arguments = new ArrayList<>(parsed.originalArgs());
        arguments.removeIf(argument -> argument.equals("-d") || argument.equals("--detach"));
        return arguments;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
