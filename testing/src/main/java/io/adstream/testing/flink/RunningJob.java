package io.adstream.testing.flink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CheckpointStatsStatus;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.awaitility.Awaitility;

/** A job on a {@link FlinkCluster}. What waits gives up after two minutes. */
public final class RunningJob {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final MiniCluster cluster;
    private final JobID id;
    private final Path folder;
    private final InMemoryReporter metrics;

    RunningJob(MiniCluster cluster, JobID id, Path folder, InMemoryReporter metrics) {
        this.cluster = cluster;
        this.id = id;
        this.folder = folder;
        this.metrics = metrics;
    }

    /** Flink's id of the job. */
    public JobID id() {
        return id;
    }

    /** The job's state as the cluster sees it. */
    public JobStatus status() {
        return get(cluster.getJobStatus(id), "the job's status");
    }

    /** Waits until every subtask runs. */
    public RunningJob awaitRunning() {
        await("every subtask to run", this::allRun);
        return this;
    }

    /** Waits until the job has failed over at least so many times and runs again. */
    public RunningJob awaitRestarts(int count) {
        await("restart " + count, () -> restarts() >= count && allRun());
        return this;
    }

    /** How often the job was started anew: the most attempts of one of its subtasks, less one. */
    public int restarts() {
        int most = 0;
        for (AccessExecutionVertex vertex : graph().getAllExecutionVertices()) {
            most = Math.max(most, vertex.getCurrentExecutionAttempt().getAttemptNumber());
        }
        return most;
    }

    /** Takes a checkpoint now and waits until it is complete. */
    public RunningJob checkpoint() {
        get(cluster.triggerCheckpoint(id), "a checkpoint");
        return this;
    }

    /** Waits for so many completed checkpoints that begin after this call. */
    public RunningJob awaitCheckpoints(int count) {
        long newest =
                checkpoints().getHistory().getCheckpoints().stream()
                        .mapToLong(AbstractCheckpointStats::getCheckpointId)
                        .max()
                        .orElse(0);
        await(count + " checkpoints", () -> completedAfter(newest) >= count);
        return this;
    }

    /** Completed checkpoints so far, savepoints included. */
    public long completedCheckpoints() {
        return completedAfter(0);
    }

    /** Where the newest completed checkpoint lies. */
    public Optional<String> newestCheckpoint() {
        return Optional.ofNullable(checkpoints().getHistory().getLatestCompletedCheckpoint())
                .map(stats -> stats.getExternalPath());
    }

    /** Takes a savepoint and leaves the job running. */
    public String savepoint() {
        return get(
                cluster.triggerSavepoint(
                        id,
                        folder.resolve("savepoints").toUri().toString(),
                        false,
                        SavepointFormatType.CANONICAL),
                "a savepoint");
    }

    /** Stops with a savepoint in canonical format, which any state backend can restore. */
    public String stopWithSavepoint() {
        return stopWithSavepoint(false);
    }

    /**
     * Stops with a savepoint.
     *
     * @param drain whether event time jumps to its end first, so that every window fires
     * @return where the savepoint lies
     */
    public String stopWithSavepoint(boolean drain) {
        return get(
                cluster.stopWithSavepoint(
                        id,
                        folder.resolve("savepoints").toUri().toString(),
                        drain,
                        SavepointFormatType.CANONICAL),
                "the stop with a savepoint");
    }

    /** Cancels the job and waits until it has ended. */
    public void cancel() {
        get(cluster.cancelJob(id), "the cancellation");
        get(cluster.requestJobResult(id), "the end of the job");
    }

    /** Waits until the job has finished, which a job over bounded input does. */
    public void awaitFinished() {
        var result = get(cluster.requestJobResult(id), "the end of the job");
        if (!result.isSuccess()) {
            throw new IllegalStateException(
                    "the job ended as " + result.getApplicationStatus(),
                    result.getSerializedThrowable().orElse(null));
        }
    }

    /** Waits until the job has failed for good, and gives the cause as Flink keeps it. */
    public Throwable awaitFailure() {
        var result = get(cluster.requestJobResult(id), "the failure of the job");
        return result.getSerializedThrowable()
                .<Throwable>map(e -> e.deserializeError(getClass().getClassLoader()))
                .orElseThrow(() -> new IllegalStateException("the job did not fail: " + result));
    }

    /**
     * The sum over subtasks of a counter, or of a gauge that gives numbers; 0 where there is none.
     * Subtasks of ended attempts count too.
     *
     * @param name the metric's name, without the scope before it
     */
    public long metricSum(String name) {
        long sum = 0;
        for (Map.Entry<MetricGroup, Map<String, Metric>> group :
                metrics.getMetricsByGroup().entrySet()) {
            if (!id.toString().equals(group.getKey().getAllVariables().get("<job_id>"))) {
                continue;
            }
            Metric metric = group.getValue().get(name);
            if (metric instanceof Counter counter) {
                sum += counter.getCount();
            } else if (metric instanceof Gauge<?> gauge
                    && gauge.getValue() instanceof Number number) {
                sum += number.longValue();
            }
        }
        return sum;
    }

    void cancelIfRunning() {
        if (!status().isGloballyTerminalState()) {
            cancel();
        }
    }

    private boolean allRun() {
        AccessExecutionGraph graph = graph();
        if (graph.getState() != JobStatus.RUNNING) {
            return false;
        }
        for (AccessExecutionVertex vertex : graph.getAllExecutionVertices()) {
            ExecutionState state = vertex.getExecutionState();
            if (state != ExecutionState.RUNNING && state != ExecutionState.FINISHED) {
                return false;
            }
        }
        return true;
    }

    private long completedAfter(long checkpointId) {
        return checkpoints().getHistory().getCheckpoints().stream()
                .filter(stats -> stats.getCheckpointId() > checkpointId)
                .filter(stats -> stats.getStatus() == CheckpointStatsStatus.COMPLETED)
                .count();
    }

    private CheckpointStatsSnapshot checkpoints() {
        CheckpointStatsSnapshot snapshot = graph().getCheckpointStatsSnapshot();
        if (snapshot == null) {
            throw new IllegalStateException("the job takes no checkpoints");
        }
        return snapshot;
    }

    private AccessExecutionGraph graph() {
        return get(cluster.getExecutionGraph(id), "the execution graph");
    }

    private void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            if (condition.call()) {
                                return true;
                            }
                            AccessExecutionGraph graph = graph();
                            if (graph.getState().isGloballyTerminalState()) {
                                throw new IllegalStateException(
                                        "waiting for "
                                                + what
                                                + ", but the job is "
                                                + graph.getState()
                                                + (graph.getFailureInfo() == null
                                                        ? ""
                                                        : ": "
                                                                + graph.getFailureInfo()
                                                                        .getExceptionAsString()));
                            }
                            return false;
                        });
    }

    static <T> T get(CompletableFuture<T> future, String what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no " + what + ": " + e, e);
        }
    }
}
