package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import io.adstream.local.Report;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Starts processes and starts again those that die: at once the first time, then at growing
 * intervals. Each death is told with the end of the log.
 */
public final class ProcessWatch {

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration FORGIVEN = Duration.ofMinutes(2);
    private static final int LINES = 8;
    private static final int LINES_SEARCHED = 200;

    private final Map<String, Watched> watched = new LinkedHashMap<>();
    private final Function<String, PidFile> pidFiles;
    private final Report report;

    /**
     * @param pidFiles the pid file for a process's name
     */
    public ProcessWatch(Function<String, PidFile> pidFiles, Report report) {
        this.pidFiles = pidFiles;
        this.report = report;
    }

    /**
     * Starts a process and watches it from now on.
     *
     * @param attempts gives the process by how often it was started before
     */
    public void start(String name, IntFunction<ProcessSpec> attempts) {
        Watched process = new Watched(name, attempts);
        process.start();
        synchronized (watched) {
            watched.put(name, process);
        }
    }

    /** Whether the process runs now. */
    public boolean isAlive(String name) {
        return find(name).map(Watched::isAlive).orElse(false);
    }

    /** The end of what the process logged, for a message. */
    public List<String> endOfLog(String name) {
        return find(name).map(process -> LogTail.of(process.spec(), LINES)).orElse(List.of());
    }

    /** Why the process ended, where its log shows a usual cause. */
    public Optional<String> diagnosis(String name) {
        return find(name)
                .flatMap(process -> LogDiagnosis.of(LogTail.of(process.spec(), LINES_SEARCHED)));
    }

    /** How often each process was started again. */
    public Map<String, Integer> restarts() {
        Map<String, Integer> restarts = new LinkedHashMap<>();
        synchronized (watched) {
            watched.values().forEach(process -> restarts.put(process.name, process.restarts.get()));
        }
        return restarts;
    }

    /**
     * Looks at each process; starts those again that ended and whose wait is over.
     *
     * @return whether one was started
     */
    public boolean tend() {
        List<Watched> all;
        synchronized (watched) {
            all = List.copyOf(watched.values());
        }
        boolean started = false;
        for (Watched process : all) {
            started |= process.tend();
        }
        return started;
    }

    private Optional<Watched> find(String name) {
        synchronized (watched) {
            return Optional.ofNullable(watched.get(name));
        }
    }

    /** One process through all its lives. */
    private final class Watched {

        private final String name;
        private final IntFunction<ProcessSpec> attempts;
        private final Backoff backoff = new Backoff(LONGEST_WAIT, FORGIVEN);
        private final AtomicInteger restarts = new AtomicInteger();
        private volatile ProcessSpec spec;
        private volatile @Nullable Process process;
        private long startAgainAt;

        Watched(String name, IntFunction<ProcessSpec> attempts) {
            this.name = name;
            this.attempts = attempts;
            this.spec = attempts.apply(0);
        }

        ProcessSpec spec() {
            return spec;
        }

        void start() {
            spec = attempts.apply(restarts.get());
            Process started = Launcher.start(spec);
            try {
                ProcessIdentity.of(started.pid()).ifPresent(pidFiles.apply(name)::write);
            } catch (CommandFailure e) {
                // Nobody would find it once this supervisor is gone.
                started.destroyForcibly();
                throw e;
            }
            process = started;
        }

        boolean isAlive() {
            Process running = process;
            return running != null && running.isAlive();
        }

        boolean tend() {
            if (isAlive()) {
                return false;
            }
            long now = System.currentTimeMillis();
            Process ended = process;
            if (ended != null) {
                process = null;
                Duration wait = backoff.failedAt(now);
                startAgainAt = now + wait.toMillis();
                report.say(epitaph(ended.exitValue(), wait));
            }
            if (now < startAgainAt) {
                return false;
            }
            try {
                restarts.incrementAndGet();
                start();
                return true;
            } catch (CommandFailure e) {
                // Such as a full disk: what is looked after must outlast it.
                Duration wait = backoff.failedAt(now).plus(SHORTEST_WAIT);
                startAgainAt = now + wait.toMillis();
                report.say(
                        name
                                + " cannot be started again: "
                                + e.getMessage()
                                + "; trying again in "
                                + wait.toSeconds()
                                + " s");
                return false;
            }
        }

        private String epitaph(int exit, Duration wait) {
            StringBuilder text = new StringBuilder(name).append(" ended unexpectedly (");
            text.append(exit > 128 ? "signal " + (exit - 128) : "exit code " + exit);
            text.append("); starting it again");
            if (!wait.isZero()) {
                text.append(" in ").append(wait.toSeconds()).append(" s");
            }
            if (backoff.isLooping()) {
                text.append(", though it keeps ending: ./adstream logs ").append(name);
            }
            LogDiagnosis.of(LogTail.of(spec, LINES_SEARCHED))
                    .ifPresent(cause -> text.append("\n    ").append(cause));
            text.append("\n    end of ").append(spec.log()).append(':');
            LogTail.of(spec, LINES).forEach(line -> text.append("\n    | ").append(line));
            return text.toString();
        }
    }
}
