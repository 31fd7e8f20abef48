package io.adstream.local;

import io.adstream.local.flink.FlinkPaths;
import io.adstream.local.flink.FlinkRest;
import io.adstream.local.flink.JobLock;
import io.adstream.local.flink.JobRecord;
import io.adstream.local.flink.JobStarter;
import io.adstream.local.flink.JobWatch;
import io.adstream.local.install.Installation;
import io.adstream.local.system.DataDir;
import io.adstream.local.system.FlinkSetup;
import io.adstream.local.system.RunningSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adstream submit}. */
@Command(
        name = "submit",
        sortOptions = false,
        description = {
            "Starts a job on the running cluster, and has the supervisor keep it running.",
            "",
            "It continues from its newest checkpoint or savepoint. Without any it reads its input"
                    + " from the earliest record. State that exists is never ignored unless --scratch"
                    + " says so."
        })
final class SubmitCommand implements Callable<Integer> {

    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job, such as metrics.")
    private String job = "";

    @ArgGroup private @Nullable Start start;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Its parallelism (default: as the system was started).")
    private @Nullable Integer parallelism;

    @Option(names = "--json", description = "Print the job's id and where it began as JSON.")
    private boolean json;

    /** Where a job begins when not at its newest state. */
    static final class Start {

        @Option(
                names = "--from",
                paramLabel = "SAVEPOINT",
                description = "A savepoint or checkpoint: the folder that holds _metadata.")
        private @Nullable Path from;

        @Option(
                names = "--scratch",
                description = "Ignore existing state and begin at the earliest record.")
        private boolean scratch;
    }

    @Override
    public Integer call() {
        DataDir data = dataDir.dataDir();
        Installation installation = Installation.current();
        installation.jar(job);
        FlinkSetup flink = FlinkSetup.ofRunning(installation, RunningSystem.in(data));
        PrintWriter out = spec.commandLine().getOut();
        Report report = json ? message -> {} : out::println;
        try (JobLock lock = JobLock.tryAcquire(data, job)) {
            if (!lock.isHeld()) {
                throw new CommandFailure(job + " is being started already.");
            }
            requireStopped(data, flink.rest());
            JobStarter starter =
                    parallelism == null
                            ? flink.starter(report)
                            : flink.starter(report, parallelism);
            JobRecord started = start(starter);
            if (json) {
                out.println(
                        new com.fasterxml.jackson.databind.ObjectMapper()
                                .createObjectNode()
                                .put("id", started.id())
                                .put("from", started.restoredFrom())
                                .toPrettyString());
            } else {
                out.println(job + " RUNNING" + JobWatch.from(started) + ", id " + started.id());
            }
            return ExitCode.OK;
        }
    }

    private JobRecord start(JobStarter starter) {
        if (start != null && start.scratch) {
            return starter.begin(job);
        }
        if (start != null && start.from != null) {
            return starter.continueFrom(job, state(start.from));
        }
        return starter.continueOrBegin(job);
    }

    private static Path state(Path given) {
        Path folder = FlinkPaths.path(given.toString()).toAbsolutePath().normalize();
        if (!Files.exists(folder.resolve("_metadata"))) {
            throw new CommandFailure(
                    folder
                            + " is no savepoint or checkpoint: it holds no _metadata. Give the folder"
                            + " that adstream savepoint printed.");
        }
        return folder;
    }

    private void requireStopped(DataDir data, FlinkRest rest) {
        Optional<JobRecord> record = JobRecord.read(data.jobFile(job));
        try {
            String state =
                    record.isEmpty() || record.get().id() == null
                            ? null
                            : rest.jobs().get(record.get().id());
            if (state != null && !ENDED.contains(state)) {
                throw new CommandFailure(
                        job
                                + " is "
                                + state
                                + " already (id "
                                + record.get().id()
                                + "); stop it first with adstream savepoint "
                                + job
                                + " --stop.");
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "Flink does not answer at " + rest.address() + ": " + e.getMessage(), e);
        }
    }
}
