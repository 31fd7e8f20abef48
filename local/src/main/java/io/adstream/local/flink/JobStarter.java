package io.adstream.local.flink;

import io.adstream.local.CommandFailure;
import io.adstream.local.Report;
import io.adstream.local.install.Installation;
import io.adstream.local.process.Pause;
import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts a job where it was: from its newest checkpoint or savepoint that is whole, and from the
 * one before where that is damaged. Without any, it reads its input from the earliest record.
 */
public final class JobStarter {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Installation installation;
    private final DataDir data;
    private final FlinkRest rest;
    private final JobLauncher launcher;
    private final JobArguments arguments;
    private final Report report;

    public JobStarter(
            Installation installation,
            DataDir data,
            FlinkRest rest,
            JobLauncher launcher,
            JobArguments arguments,
            Report report) {
        this.installation = installation;
        this.data = data;
        this.rest = rest;
        this.launcher = launcher;
        this.arguments = arguments;
        this.report = report;
    }

    /**
     * Starts a job from its newest state that is whole, and waits until it runs.
     *
     * @throws CommandFailure where it has state but none that it can be started from
     */
    public JobRecord continueOrBegin(String job) {
        JobRecord known = known(job);
        List<RetainedState> states = states(known);
        if (states.isEmpty() && known.restoredFrom() != null) {
            return startFrom(known, Path.of(known.restoredFrom()));
        }
        List<String> damaged = new ArrayList<>();
        for (RetainedState state : states) {
            Optional<String> damage = state.damage();
            if (damage.isEmpty()) {
                try {
                    return start(known, state.folder());
                } catch (DamagedState e) {
                    damage = Optional.of(String.valueOf(e.getMessage()));
                }
            }
            damaged.add(state.name());
            report.say(
                    job
                            + ": "
                            + state.name()
                            + " is damaged ("
                            + damage.get()
                            + "), trying the one before");
        }
        if (!damaged.isEmpty()) {
            throw new CommandFailure(
                    job
                            + " has no state that is whole ("
                            + String.join(", ", damaged)
                            + " are damaged). Begin without: ./adstream submit "
                            + job
                            + " --scratch for this job, ./adstream up --fresh for everything.");
        }
        return start(known, null);
    }

    /** The checkpoints and savepoints that a job can be continued from, the newest first. */
    public List<RetainedState> states(String job) {
        return states(known(job));
    }

    private List<RetainedState> states(JobRecord known) {
        return RetainedState.in(data.checkpoints(known.name()), data.savepoints(known.name()))
                .stream()
                .filter(state -> state.completed().toMillis() >= known.notBefore())
                .toList();
    }

    private JobRecord known(String job) {
        return JobRecord.read(data.jobFile(job))
                .orElseGet(() -> new JobRecord(job, null, false, null, 0));
    }

    /** Starts a job without state: it reads its input from the earliest record. */
    public JobRecord begin(String job) {
        return start(anew(job), null);
    }

    /** Starts a job from a given checkpoint or savepoint. */
    public JobRecord continueFrom(String job, Path state) {
        return startFrom(anew(job), state);
    }

    /** From this state or not at all. */
    private JobRecord startFrom(JobRecord known, Path state) {
        try {
            return start(known, state);
        } catch (DamagedState e) {
            throw new CommandFailure(
                    known.name()
                            + " cannot be restored from "
                            + state
                            + ": "
                            + e.getMessage()
                            + ". Choose another state with ./adstream submit "
                            + known.name()
                            + " --from FOLDER, or begin without one with --scratch.",
                    e);
        }
    }

    private static JobRecord anew(String job) {
        return new JobRecord(job, null, false, null, System.currentTimeMillis());
    }

    private JobRecord start(JobRecord known, @Nullable Path state) {
        String job = known.name();
        String id = submit(job, state);
        JobRecord record =
                new JobRecord(
                        job, id, true, state == null ? null : state.toString(), known.notBefore());
        record.write(data.jobFile(job));
        try {
            awaitRunning(job, id, state);
        } catch (DamagedState | CommandFailure e) {
            record.unwanted().write(data.jobFile(job));
            throw e;
        }
        return record;
    }

    private String submit(String job, @Nullable Path state) {
        try {
            return launcher.submit(
                    job,
                    installation.jar(job),
                    state,
                    arguments.toList(data.checkpoints(job), data.savepoints(job)));
        } catch (JobLauncher.Refused e) {
            if (state != null) {
                refuse(job, state, e.printed());
            }
            throw new CommandFailure(job + " was not accepted: " + e.getMessage(), e);
        }
    }

    private void awaitRunning(String job, String id, @Nullable Path state) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String trace = "";
        while (System.nanoTime() < deadline) {
            try {
                if (rest.isRunning(id)) {
                    return;
                }
                trace = rest.failure(id).orElse(trace);
                if (state != null && (FailureText.isDamage(trace) || FailureText.isMisfit(trace))) {
                    cancel(id);
                    refuse(job, state, trace);
                }
                String now = rest.jobs().getOrDefault(id, "");
                if (now.equals("FAILED") || now.equals("CANCELED")) {
                    throw new CommandFailure(
                            job + " failed at its start: " + FailureText.cause(trace) + logs());
                }
            } catch (IOException e) {
                trace = String.valueOf(e.getMessage());
            }
            Pause.of(Duration.ofMillis(250));
        }
        cancel(id);
        throw new CommandFailure(
                job
                        + " does not run after "
                        + PATIENCE.toSeconds()
                        + " s"
                        + (trace.isEmpty() ? "" : ": " + FailureText.cause(trace))
                        + logs());
    }

    private String logs() {
        return " (more in " + data.logs().resolve("jobmanager.log") + ")";
    }

    /** Judges a failure at restore; returns where it has another cause, which may pass. */
    private static void refuse(String job, Path state, String trace) {
        if (FailureText.isDamage(trace)) {
            throw new DamagedState(state.getFileName() + ": " + FailureText.cause(trace));
        }
        if (FailureText.isMisfit(trace)) {
            throw new CommandFailure(
                    "The state of "
                            + job
                            + " no longer fits its program: "
                            + FailureText.cause(trace)
                            + "\n(state: "
                            + state
                            + "). Go back to the version that wrote it, or begin without it:"
                            + " ./adstream up --fresh empties everything; for this job alone"
                            + " ./adstream up -d --jobs '', then ./adstream submit "
                            + job
                            + " --scratch.");
        }
    }

    private void cancel(String id) {
        try {
            rest.cancel(id);
        } catch (IOException e) {
            report.say("job " + id + " could not be cancelled: " + e.getMessage());
        }
    }

    /** The state cannot be read; an older one may do. */
    private static final class DamagedState extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DamagedState(String message) {
            super(message);
        }
    }
}
