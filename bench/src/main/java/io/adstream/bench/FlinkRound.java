package io.adstream.bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Runs a Flink job in this JVM until its last operators have passed a watermark and written what
 * they hold, and takes the CPU time from the first record on. The job is unbounded, as in
 * production; then it is cancelled.
 */
final class FlinkRound {

    private static final long POLL_NANOS = Duration.ofMillis(4).toNanos();
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final CpuMark begin = CpuMark.now();
    private final InMemoryReporter metrics = InMemoryReporter.createWithRetainedMetrics();
    private final StreamExecutionEnvironment environment;
    private final String savepoints;

    FlinkRound(CandidateSettings settings) {
        Configuration flink = settings.flink();
        savepoints = flink.get(CheckpointingOptions.SAVEPOINT_DIRECTORY);
        metrics.addToConfiguration(flink);
        environment = StreamExecutionEnvironment.createLocalEnvironment(flink);
    }

    StreamExecutionEnvironment environment() {
        return environment;
    }

    /**
     * Runs the environment's job.
     *
     * @param request names the watermark to wait for
     * @param lastOperators names of the operators that must have seen it
     * @param pending names of gauges that must then be 0, in the order in which work passes them
     */
    RunResult run(RunRequest request, Predicate<String> lastOperators, String... pending)
            throws Exception {
        JobClient job = environment.executeAsync("bench");
        Watch watch = new Watch(job);
        try {
            // Looked up anew each time: metrics appear one by one while tasks start.
            watch.until(() -> sum(find(name -> name.startsWith("Source: "), "numRecordsIn")) > 0);
            CpuMark first = CpuMark.now();
            List<Metric> watermarks = find(lastOperators, "currentInputWatermark");
            List<Metric> waiting = new ArrayList<>();
            for (String gauge : pending) {
                waiting.addAll(find(name -> true, gauge));
            }
            if (watermarks.isEmpty()) {
                throw new IllegalStateException("no last operator among " + operators());
            }
            watch.until(() -> least(watermarks) >= request.endOfWindows() && sum(waiting) == 0);
            CpuMark last = CpuMark.now();
            return RunResult.between(begin, first, last)
                    .with(counter("redisWrites"), request.savepoint() ? savepoint(job) : 0);
        } finally {
            end(job);
        }
    }

    /** The size of a savepoint, all files of it. */
    private long savepoint(JobClient job) throws Exception {
        String place =
                job.triggerSavepoint(savepoints, SavepointFormatType.CANONICAL)
                        .get(10, TimeUnit.MINUTES);
        Path folder = Path.of(URI.create(place));
        long bytes;
        try (Stream<Path> files = Files.walk(folder)) {
            bytes =
                    files.filter(Files::isRegularFile)
                            .mapToLong(file -> file.toFile().length())
                            .sum();
        }
        FileUtils.deleteDirectory(folder.toFile());
        return bytes;
    }

    /** The sum over subtasks of a counter, of any operator. */
    long counter(String name) {
        return sum(find(operator -> true, name));
    }

    private List<Metric> find(Predicate<String> operators, String name) {
        List<Metric> found = new ArrayList<>();
        for (Map.Entry<MetricGroup, Map<String, Metric>> group :
                metrics.getMetricsByGroup().entrySet()) {
            String operator = group.getKey().getAllVariables().get("<operator_name>");
            Metric metric = group.getValue().get(name);
            if (operator != null && metric != null && operators.test(operator)) {
                found.add(metric);
            }
        }
        return found;
    }

    private List<String> operators() {
        return metrics.getMetricsByGroup().keySet().stream()
                .map(group -> group.getAllVariables().getOrDefault("<operator_name>", ""))
                .distinct()
                .sorted()
                .toList();
    }

    private static long sum(List<Metric> metrics) {
        long sum = 0;
        for (Metric metric : metrics) {
            sum += value(metric);
        }
        return sum;
    }

    private static long least(List<Metric> metrics) {
        long least = Long.MAX_VALUE;
        for (Metric metric : metrics) {
            least = Math.min(least, value(metric));
        }
        return least;
    }

    private static long value(Metric metric) {
        if (metric instanceof Counter counter) {
            return counter.getCount();
        }
        return metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number
                ? number.longValue()
                : 0;
    }

    /** Waits for the job, and notices where it has failed. */
    private static final class Watch {
        private final JobClient job;
        private final long deadline = System.nanoTime() + PATIENCE.toNanos();
        private long nextStatus = System.nanoTime() + STATUS_INTERVAL.toNanos();

        Watch(JobClient job) {
            this.job = job;
        }

        void until(BooleanSupplier condition) throws Exception {
            while (!condition.getAsBoolean()) {
                LockSupport.parkNanos(POLL_NANOS);
                long now = System.nanoTime();
                if (now > deadline) {
                    throw new IllegalStateException("the job did not end within " + PATIENCE);
                }
                if (now > nextStatus) {
                    nextStatus = now + STATUS_INTERVAL.toNanos();
                    JobStatus status = job.getJobStatus().get(1, TimeUnit.MINUTES);
                    if (status.isGloballyTerminalState()) {
                        // Says why.
                        job.getJobExecutionResult().get(1, TimeUnit.MINUTES);
                        throw new IllegalStateException("the job is " + status);
                    }
                }
            }
        }
    }

    /** Cancels the job; with it its cluster ends. */
    private static void end(JobClient job) throws Exception {
        CompletableFuture<?> ended = job.getJobExecutionResult().handle((result, error) -> result);
        job.cancel().get(1, TimeUnit.MINUTES);
        ended.get(1, TimeUnit.MINUTES);
    }
}
