package io.adstream.attribution.hour;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Counts clicks per ad and minute before they are sent to where the ad is kept. Nothing here is
 * state: the counts leave before a checkpoint barrier and before a watermark that ends their
 * minute.
 */
public final class CountClicks extends AbstractStreamOperator<AdDelta>
        implements OneInputStreamOperator<InputEvent, AdDelta> {

    private static final long serialVersionUID = 1L;

    private static final int MAX_COUNTS = 50_000;

    private transient Map<AdMinute, long[]> counts;
    private transient long earliestEnd;

    private record AdMinute(String adId, long minute) {}

    @Override
    public void open() throws Exception {
        super.open();
        counts = new HashMap<>();
        earliestEnd = Long.MAX_VALUE;
    }

    @Override
    public void processElement(StreamRecord<InputEvent> element) {
        InputEvent event = element.getValue();
        if (event.eventType != AdEvents.CLICK) {
            return;
        }
        long minute = AdDelta.minuteOf(event.eventTime);
        counts.computeIfAbsent(
                        new AdMinute(event.string(AdEvents.AD_ID), minute), key -> new long[1])[
                0]++;
        earliestEnd = Math.min(earliestEnd, minute + AdDelta.MINUTE - 1);
        if (counts.size() >= MAX_COUNTS) {
            flush();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (mark.getTimestamp() >= earliestEnd) {
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
        counts.forEach(
                (key, count) ->
                        output.collect(
                                new StreamRecord<>(
                                        new AdDelta(key.adId, key.minute, count[0], 0, 0))));
        counts.clear();
        earliestEnd = Long.MAX_VALUE;
    }
}
