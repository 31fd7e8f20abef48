package io.adstream.metrics.progress;

import io.adstream.metrics.row.MetricsRow;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Reports the watermark of each completed checkpoint. Runs once, behind all subtasks that write
 * rows.
 *
 * <p>A checkpoint completes after every sink has written what came before its barrier, so windows
 * that were final at the barrier are final in the stores when the report leaves.
 */
public final class ReportProgress extends AbstractStreamOperator<Progress>
        implements OneInputStreamOperator<MetricsRow, Progress> {

    private static final long serialVersionUID = 1L;

    private final String job;
    private final long latenessMillis;

    private transient long watermark;
    private transient TreeMap<Long, Long> watermarkOfCheckpoint;
    private transient boolean finished;

    /**
     * @param job the job's short name
     * @param allowedLateness how long after its end a window can be amended
     */
    public ReportProgress(String job, Duration allowedLateness) {
        this.job = job;
        this.latenessMillis = allowedLateness.toMillis();
    }

    @Override
    public void open() throws Exception {
        super.open();
        watermark = Long.MIN_VALUE;
        watermarkOfCheckpoint = new TreeMap<>();
    }

    /** Rows carry nothing that is needed here. */
    @Override
    public void processElement(StreamRecord<MetricsRow> row) {}

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.getTimestamp() != Long.MAX_VALUE) {
            watermark = mark.getTimestamp();
        }
        super.processWatermark(mark);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        if (watermark != Long.MIN_VALUE) {
            watermarkOfCheckpoint.put(context.getCheckpointId(), watermark);
        }
    }

    @Override
    public void finish() throws Exception {
        finished = true;
        super.finish();
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        Map.Entry<Long, Long> completed = watermarkOfCheckpoint.floorEntry(checkpointId);
        if (completed != null && !finished) { // a sink behind this takes nothing after its end
            long reached = completed.getValue();
            output.collect(
                    new StreamRecord<>(
                            new Progress(
                                    job,
                                    reached,
                                    reached + 1 - latenessMillis,
                                    getProcessingTimeService().getCurrentProcessingTime())));
            watermarkOfCheckpoint.headMap(checkpointId, true).clear();
        }
    }
}
