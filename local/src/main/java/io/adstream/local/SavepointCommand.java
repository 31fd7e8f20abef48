package io.adstream.local;

import io.adstream.local.flink.FlinkRest;
import io.adstream.local.flink.JobLock;
import io.adstream.local.flink.JobRecord;
import io.adstream.local.flink.JobStopper;
import io.adstream.local.install.Installation;
import io.adstream.local.system.DataDir;
import io.adstream.local.system.RunningSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adstream savepoint}. */
@Command(
        name = "savepoint",
        sortOptions = false,
        description = {
            "Takes a savepoint of a job and prints the folder that holds it.",
            "",
            "Savepoints are kept until you delete them; adstream submit JOB --from FOLDER starts from"
                    + " one, at any parallelism and on either state backend."
        })
final class SavepointCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job, such as metrics.")
    private String job = "";

    @Option(names = "--stop", description = "Stop the job with it.")
    private boolean stop;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long it may take (default: ${DEFAULT-VALUE}).")
    private long timeout;

    @Option(names = "--json", description = "Print the folder as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        DataDir data = dataDir.dataDir();
        Installation.current().jar(job);
        RunningSystem system = RunningSystem.in(data);
        FlinkRest rest = new FlinkRest(system.ports().flink());
        JobStopper stopper = new JobStopper(rest, Duration.ofSeconds(timeout));
        Path savepoint;
        try (JobLock lock = JobLock.tryAcquire(data, job)) {
            if (!lock.isHeld()) {
                throw new CommandFailure(job + " is being started; try again when it runs.");
            }
            JobRecord record = running(data, rest);
            String id = String.valueOf(record.id());
            if (stop) {
                // Noted first: the supervisor must not take the stop for a loss.
                record.unwanted().write(data.jobFile(job));
                try {
                    savepoint = stopper.stop(job, id, data.savepoints(job));
                } catch (CommandFailure e) {
                    record.write(data.jobFile(job));
                    throw e;
                }
            } else {
                savepoint = stopper.savepoint(job, id, data.savepoints(job));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    new com.fasterxml.jackson.databind.ObjectMapper()
                            .createObjectNode()
                            .put("savepoint", savepoint.toString())
                            .toPrettyString());
        } else {
            out.println(savepoint);
        }
        return ExitCode.OK;
    }

    private JobRecord running(DataDir data, FlinkRest rest) {
        JobRecord record =
                JobRecord.read(data.jobFile(job))
                        .filter(JobRecord::wanted)
                        .orElseThrow(() -> new CommandFailure(job + " does not run."));
        try {
            String state = rest.jobs().getOrDefault(String.valueOf(record.id()), "not there");
            if (!state.equals("RUNNING")) {
                throw new CommandFailure(
                        job + " is " + state + "; a savepoint needs a job that runs.");
            }
        } catch (IOException e) {
            throw new CommandFailure(
                    "Flink does not answer at " + rest.address() + ": " + e.getMessage(), e);
        }
        return record;
    }
}
