package io.adstream.local.system;

import io.adstream.common.config.ConfigException;
import io.adstream.local.CommandFailure;
import io.adstream.local.ExitCode;
import io.adstream.local.Report;
import io.adstream.local.flink.JobRecord;
import io.adstream.local.flink.JobWatch;
import io.adstream.local.install.Installation;
import io.adstream.local.process.PortCheck;
import io.adstream.local.process.ProcessIdentity;
import io.adstream.local.process.ProcessWatch;
import io.adstream.local.system.SystemState.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts a system, keeps it running, and stops it when its own process is asked to end. Nothing
 * that it starts outlives an end in good order; what a killed supervisor leaves is found by the
 * next start or by {@code down}.
 */
public final class Supervisor {

    private static final Duration TICK = Duration.ofMillis(500);
    private static final long LOW_DISK_MEBIBYTES = 256;
    private static final Duration DISK_EVERY = Duration.ofSeconds(15);

    private final Installation installation;
    private final DataDir data;
    private final UpOptions options;
    private final Report report;
    private final ProcessWatch watch;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private SystemState state;
    private long diskLooked;
    private boolean diskLow;
    private @Nullable String unsavedTold;

    public Supervisor(Installation installation, DataDir data, UpOptions options, Report report) {
        this.installation = installation;
        this.data = data;
        this.options = options;
        this.report = report;
        this.watch = new ProcessWatch(data::pidFile, report);
        this.state =
                new SystemState(
                        Phase.STARTING,
                        null,
                        System.currentTimeMillis(),
                        options.portOffset(),
                        options.jobs(),
                        options.parallelism(),
                        options.stateBackend(),
                        List.of(),
                        Map.of());
    }

    /**
     * Runs the system until the process is asked to end.
     *
     * @return what the command exits with
     */
    public int run() {
        data.prepare();
        Optional<SystemLock> lock = SystemLock.tryAcquire(data);
        if (lock.isEmpty()) {
            return alreadyUp();
        }
        try (SystemLock held = lock.get()) {
            stopLeftovers();
            if (options.fresh()) {
                data.empty();
            }
            PortCheck.requireFree(new Ports(options.portOffset()).byUse());
            return startAndKeep();
        }
    }

    private int alreadyUp() {
        report.say(
                "adstream is already up (data directory "
                        + data.root()
                        + "); ./adstream status shows it, ./adstream down stops it.");
        return options.fresh() ? ExitCode.FAILURE : ExitCode.OK;
    }

    private void stopLeftovers() {
        RunningSystem.find(data)
                .ifPresent(
                        system -> {
                            report.say(
                                    "an earlier supervisor was killed; stopping what it left: "
                                            + String.join(", ", system.processes().keySet()));
                            new SystemStop(data, system.state(), report).stopProcesses();
                        });
    }

    private int startAndKeep() {
        report.say("starting in " + data.root());
        Thread hook = new Thread(this::stopAndWait, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            forgetJobs();
            data.renew(data.flinkTemporary());
            FlinkSetup flink = FlinkSetup.forStart(installation, data, options);
            SystemStart start = new SystemStart(installation, data, options, flink, watch, report);
            write(withProcesses(start.processes()));
            ProcessIdentity.of(ProcessHandle.current().pid())
                    .ifPresent(data.pidFile(RunningSystem.SUPERVISOR)::write);
            startInterruptibly(start);
            if (stopRequested.getCount() > 0) {
                write(state.in(Phase.UP, null));
                Addresses.print(report, data, new Ports(options.portOffset()));
                keep(flink);
            }
            report.say("stopping");
            stop(Phase.DOWN, null);
            return ExitCode.OK;
        } catch (CommandFailure | ConfigException e) {
            String message = String.valueOf(e.getMessage());
            boolean asked = stopRequested.getCount() == 0;
            report.say(asked ? "stopping" : message);
            stop(asked ? Phase.DOWN : Phase.FAILED, message);
            if (!asked) {
                report.say("adstream was not started; what had started was stopped again");
            }
            return ExitCode.FAILURE;
        } finally {
            data.pidFile(RunningSystem.SUPERVISOR).delete();
            finished.countDown();
        }
    }

    /** A request to stop must not wait until everything has started. */
    private void startInterruptibly(SystemStart start) {
        Thread starting = Thread.currentThread();
        Thread interrupter =
                new Thread(
                        () -> {
                            try {
                                stopRequested.await();
                                starting.interrupt();
                            } catch (InterruptedException e) {
                                // Started: from now on a request is seen by the main loop.
                                Thread.currentThread().interrupt();
                            }
                        },
                        "interrupt-start");
        interrupter.setDaemon(true);
        interrupter.start();
        try {
            start.start();
        } finally {
            interrupter.interrupt();
            join(interrupter);
            // What follows must be able to wait.
            Thread.interrupted();
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = Thread.interrupted();
        try {
            thread.join();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(FlinkSetup flink) {
        JobWatch jobs =
                new JobWatch(
                        data,
                        List.copyOf(installation.jobs().keySet()),
                        flink.rest(),
                        flink.starter(report),
                        report);
        // Submitting takes seconds, in which processes want to be looked after.
        Thread jobThread = new Thread(() -> keep(jobs), "jobs");
        jobThread.start();
        boolean unsaved = false;
        try {
            while (!stopRequested.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (watch.tend() || unsaved) {
                    unsaved = !save(state.withRestarts(watch.restarts()));
                }
                lookAtDisk();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            jobThread.interrupt();
            join(jobThread);
        }
    }

    private void keep(JobWatch jobs) {
        String told = null;
        try {
            while (!stopRequested.await(1, TimeUnit.SECONDS)) {
                try {
                    jobs.tend();
                    told = null;
                } catch (CommandFailure e) {
                    // Such as a full disk: said once, tried until it works.
                    if (stopRequested.getCount() > 0 && !Objects.equals(told, e.getMessage())) {
                        told = e.getMessage();
                        report.say("jobs cannot be looked after: " + told);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAtDisk() {
        long now = System.currentTimeMillis();
        if (now - diskLooked < DISK_EVERY.toMillis()) {
            return;
        }
        diskLooked = now;
        Long free = data.freeMebibytes();
        boolean low = free != null && free < LOW_DISK_MEBIBYTES;
        if (low && !diskLow) {
            report.say(
                    "the disk is nearly full: "
                            + free
                            + " MiB are left; free some space, or the services will fail");
        }
        diskLow = low;
    }

    /** Only the jobs of this start are wanted. */
    private void forgetJobs() {
        for (String job : installation.jobs().keySet()) {
            JobRecord.read(data.jobFile(job))
                    .filter(JobRecord::wanted)
                    .ifPresent(record -> record.unwanted().write(data.jobFile(job)));
        }
    }

    private void stop(Phase end, @Nullable String message) {
        // What cannot be noted must not keep the processes from being stopped.
        save(state.in(Phase.STOPPING, message));
        new SystemStop(data, state, report).stopAll();
        save(state.in(end, message));
        report.say("stopped");
    }

    /** The shutdown hook: asks for the stop and holds the JVM's end up until it is done. */
    private void stopAndWait() {
        stopRequested.countDown();
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SystemState withProcesses(List<String> processes) {
        return new SystemState(
                state.phase(),
                state.message(),
                state.since(),
                state.portOffset(),
                state.jobs(),
                state.parallelism(),
                state.stateBackend(),
                processes,
                state.restarts());
    }

    /** Writes the state where that is possible; says so where it is not. */
    private boolean save(SystemState next) {
        try {
            write(next);
            return true;
        } catch (CommandFailure e) {
            if (!e.getMessage().equals(unsavedTold)) {
                unsavedTold = e.getMessage();
                report.say(unsavedTold);
            }
            return false;
        }
    }

    private void write(SystemState next) {
        state = next;
        state.write(data.stateFile());
    }
}
