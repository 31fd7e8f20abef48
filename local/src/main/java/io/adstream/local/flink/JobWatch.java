package io.adstream.local.flink;

import io.adstream.local.CommandFailure;
import io.adstream.local.Report;
import io.adstream.local.process.Backoff;
import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the jobs running that should: one that failed, or that was lost with the JobManager, is
 * submitted again from its newest state. One that somebody stopped stays stopped.
 */
public final class JobWatch {

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration FORGIVEN = Duration.ofMinutes(5);
    private static final Set<String> STOPPED = Set.of("FINISHED", "CANCELED", "CANCELLING");
    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    private final DataDir data;
    private final List<String> known;
    private final FlinkRest rest;
    private final JobStarter starter;
    private final Report report;
    private final Map<String, Backoff> backoffs = new HashMap<>();
    private final Map<String, Long> notBefore = new HashMap<>();
    private final StateJanitor janitor;
    private long tidied;

    /**
     * @param known the names of all jobs that there are
     */
    public JobWatch(
            DataDir data, List<String> known, FlinkRest rest, JobStarter starter, Report report) {
        this.data = data;
        this.known = List.copyOf(known);
        this.rest = rest;
        this.starter = starter;
        this.report = report;
        this.janitor = new StateJanitor(data);
    }

    /** Looks at each job once. Takes as long as the jobs that must be started take. */
    public void tend() {
        Map<String, String> states;
        try {
            states = rest.jobs();
        } catch (IOException e) {
            // The JobManager is away; its process is watched elsewhere.
            return;
        }
        boolean tidy = System.currentTimeMillis() - tidied > TIDY_EVERY.toMillis();
        for (String job : known) {
            Path file = data.jobFile(job);
            // Whoever submits the job by hand at this moment holds the lock.
            try (JobLock lock = JobLock.tryAcquire(data, job)) {
                Optional<JobRecord> record = JobRecord.read(file);
                if (lock.isHeld() && record.isPresent() && record.get().wanted()) {
                    tend(record.get(), states.get(record.get().id()));
                    if (tidy) {
                        tidy(record.get());
                    }
                }
            }
        }
        if (tidy) {
            tidied = System.currentTimeMillis();
        }
    }

    private void tend(JobRecord record, @Nullable String state) {
        String job = record.name();
        if (state != null && STOPPED.contains(state)) {
            record.unwanted().write(data.jobFile(job));
            report.say(
                    job
                            + " was stopped from outside ("
                            + state
                            + "); ./adstream submit "
                            + job
                            + " starts it again");
            return;
        }
        boolean lost = state == null || state.equals("SUSPENDED");
        long now = System.currentTimeMillis();
        if ((!lost && !state.equals("FAILED"))
                || rest.taskManagers().isEmpty()
                || now < notBefore.getOrDefault(job, 0L)) {
            return;
        }
        report.say(
                job
                        + (lost ? " is gone from the cluster" : " failed" + cause(record))
                        + "; submitting it again");
        Duration wait =
                backoffs.computeIfAbsent(job, name -> new Backoff(LONGEST_WAIT, FORGIVEN))
                        .failedAt(now);
        // The first of these waits is none: it is the wait before the try after this one.
        notBefore.put(job, now + wait.plusSeconds(1).toMillis());
        try {
            JobRecord started = starter.continueOrBegin(job);
            report.say(job + " runs again" + from(started));
        } catch (CommandFailure e) {
            // It is still wanted: the next round tries again.
            JobRecord.read(data.jobFile(job)).orElse(record).wantedAgain().write(data.jobFile(job));
            report.say(e.getMessage());
        }
    }

    /** How a job was started, for a progress line. */
    public static String from(JobRecord record) {
        return record.restoredFrom() == null
                ? " from the earliest record"
                : " from " + Path.of(record.restoredFrom()).getFileName();
    }

    private String cause(JobRecord record) {
        try {
            return record.id() == null
                    ? ""
                    : rest.failure(record.id())
                            .map(trace -> " (" + FailureText.cause(trace) + ")")
                            .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private void tidy(JobRecord record) {
        try {
            if (record.id() != null) {
                janitor.tidy(record.name(), record.id());
            }
        } catch (IOException e) {
            report.say("old state of " + record.name() + " cannot be deleted: " + e.getMessage());
        }
    }
}
