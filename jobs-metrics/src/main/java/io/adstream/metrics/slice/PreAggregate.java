package io.adstream.metrics.slice;

import io.adstream.common.event.InputEvent;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Sums events before they are sent to where their entity is kept.
 *
 * <p>Nothing here is state: the buffer is flushed before a checkpoint barrier, before a watermark
 * that ends a minute in it, and otherwise when {@link FlushPolicy} says so.
 */
public final class PreAggregate extends AbstractStreamOperator<SliceDelta>
        implements OneInputStreamOperator<InputEvent, SliceDelta> {

    private static final long serialVersionUID = 1L;

    /** How often it is asked whether to flush. */
    private static final long LOOK_MILLIS = 15;

    private static final int MAX_SLICES = 200_000;

    private transient SliceBuffer buffer;
    private transient long oldestMillis;
    private transient boolean timerSet;
    private transient Counter withoutAd;

    @Override
    public void open() throws Exception {
        super.open();
        buffer = new SliceBuffer();
        timerSet = false;
        MetricGroup metrics = getMetricGroup().addGroup("adstream");
        withoutAd = metrics.counter("conversionsWithoutAd");
    }

    @Override
    public void processElement(StreamRecord<InputEvent> element) {
        InputEvent event = element.getValue();
        if (!SliceBuffer.isComplete(event)) {
            withoutAd.inc();
            return;
        }
        buffer.add(event);
        if (buffer.size() >= MAX_SLICES) {
            flush();
        } else if (!timerSet) {
            oldestMillis = getProcessingTimeService().getCurrentProcessingTime();
            setTimer();
        }
    }

    private void setTimer() {
        timerSet = true;
        var unused =
                getProcessingTimeService()
                        .registerTimer(
                                getProcessingTimeService().getCurrentProcessingTime() + LOOK_MILLIS,
                                this::onTimer);
    }

    private void onTimer(long now) {
        timerSet = false;
        if (buffer.size() == 0) {
            return;
        }
        boolean due =
                FlushPolicy.isDue(
                        buffer.size(),
                        buffer.events(),
                        now - oldestMillis,
                        now - buffer.newestArrival());
        if (due) {
            flush();
        } else {
            setTimer();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (buffer.holdsMinuteEndedBy(mark.getTimestamp())) {
            flush();
        }
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    private void flush() {
        buffer.flush(delta -> output.collect(new StreamRecord<>(delta)));
        oldestMillis = getProcessingTimeService().getCurrentProcessingTime();
    }
}
