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
 * that ends a minute in it, and otherwise after a short while. That while is {@link #QUICK_MILLIS}
 * as long as flushing is cheap, and stretches to {@link #PATIENT_MILLIS} where waiting makes each
 * delta stand for more events.
 */
public final class PreAggregate extends AbstractStreamOperator<SliceDelta>
        implements OneInputStreamOperator<InputEvent, SliceDelta> {

    private static final long serialVersionUID = 1L;

    private static final long QUICK_MILLIS = 30;
    private static final long PATIENT_MILLIS = 500;

    /** So few slices may leave at once without a look at what they are worth. */
    private static final int CHEAP_SLICES = 1500;

    /** Events per slice from which waiting longer is not worth it. */
    private static final int WORTHWHILE_EVENTS = 16;

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
                                getProcessingTimeService().getCurrentProcessingTime()
                                        + QUICK_MILLIS,
                                this::onTimer);
    }

    private void onTimer(long now) {
        timerSet = false;
        if (buffer.size() == 0) {
            return;
        }
        boolean worthwhile =
                buffer.size() <= CHEAP_SLICES
                        || buffer.events() >= (long) WORTHWHILE_EVENTS * buffer.size()
                        || now - oldestMillis >= PATIENT_MILLIS;
        if (worthwhile) {
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
