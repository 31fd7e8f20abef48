package io.adstream.common.time;

import io.adstream.common.event.InputEvent;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.BoundedOutOfOrdernessWatermarks;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.eventtime.WatermarksWithIdleness;

/**
 * Event time of an input topic, kept per Kafka partition inside the source.
 *
 * <p>A rejected record neither moves time nor counts as activity: a partition that carries only
 * garbage becomes idle like an empty one, and a wrong clock moves no window.
 */
public final class EventWatermarks implements WatermarkGenerator<InputEvent> {

    private static final String ALIGNMENT = "partitions";

    private static final Duration ALIGNMENT_INTERVAL = Duration.ofMillis(300);

    private final WatermarkGenerator<InputEvent> valid;

    private EventWatermarks(WatermarkGenerator<InputEvent> valid) {
        this.valid = valid;
    }

    /**
     * The strategy for an input topic.
     *
     * @param maxOutOfOrderness how far behind the newest event of its partition an event may be
     *     without holding back time
     * @param idleness after this long without a valid event a partition no longer holds back time
     * @param maxDrift how far a partition may be ahead of the others before it waits for them
     */
    public static WatermarkStrategy<InputEvent> strategy(
            Duration maxOutOfOrderness, Duration idleness, Duration maxDrift) {
        return WatermarkStrategy.<InputEvent>forGenerator(
                        context ->
                                new EventWatermarks(
                                        new WatermarksWithIdleness<>(
                                                new BoundedOutOfOrdernessWatermarks<>(
                                                        maxOutOfOrderness),
                                                idleness,
                                                context.getInputActivityClock())))
                .withTimestampAssigner(
                        (event, kafkaTimestamp) ->
                                event.rejected == null ? event.eventTime : kafkaTimestamp)
                // Where all partitions fall silent, Flink lets the furthest decide: it must not be
                // so far that what the others still hold is late.
                .withWatermarkAlignment(ALIGNMENT, maxDrift, ALIGNMENT_INTERVAL);
    }

    @Override
    public void onEvent(InputEvent event, long timestamp, WatermarkOutput output) {
        if (event.rejected == null) {
            valid.onEvent(event, timestamp, output);
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        valid.onPeriodicEmit(output);
    }
}
