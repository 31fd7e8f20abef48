package io.adstream.quality.input;

import java.time.Duration;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Says up to which time the rows of a partition are complete.
 *
 * <p>A row says that its window has ended, not that all rows of its window are there: several
 * writers fill a partition, each commits by itself, and while they work off a backlog one may be
 * hours of event time ahead of another. So a time has passed when a row of a later window has come
 * and, for {@code settle}, no first row of a window that ends by then. Amendments hold nothing up:
 * they count from the refresh after which they are known.
 *
 * <p>A partition that has been silent for {@code silence} is complete up to its newest row and
 * holds nobody up, and neither does one that has had no row at all for {@code idleness}.
 */
public final class SettledWatermarks implements WatermarkGenerator<MetricsUpdate> {

    private final RelativeClock clock;
    private final long settleNanos;
    private final long silenceNanos;
    private final long idlenessNanos;
    private final long begun;

    /** When the latest first row came, per end of window; ends that are complete are left out. */
    private final TreeMap<Long, Long> firstRows = new TreeMap<>();

    private long newestEnd = Long.MIN_VALUE;
    private long completeEnd = Long.MIN_VALUE;
    private long latestRow;

    SettledWatermarks(RelativeClock clock, Duration settle, Duration silence, Duration idleness) {
        this.clock = clock;
        this.settleNanos = settle.toNanos();
        this.silenceNanos = silence.toNanos();
        this.idlenessNanos = idleness.toNanos();
        this.begun = clock.relativeTimeNanos();
    }

    /**
     * The strategy for the topic.
     *
     * @param settle how long no first row of a window must have come
     * @param silence after how long without a row a partition is complete
     * @param idleness how long a partition without any row is waited for
     */
    public static WatermarkStrategy<MetricsUpdate> strategy(
            Duration settle, Duration silence, Duration idleness) {
        return WatermarkStrategy.forGenerator(
                context ->
                        new SettledWatermarks(
                                context.getInputActivityClock(), settle, silence, idleness));
    }

    @Override
    public void onEvent(MetricsUpdate row, long timestamp, WatermarkOutput output) {
        latestRow = clock.relativeTimeNanos();
        newestEnd = Math.max(newestEnd, row.windowEnd());
        // One of a window that is complete is too late anyway, as where all is written again.
        if (row.first() && row.windowEnd() > completeEnd) {
            firstRows.put(row.windowEnd(), latestRow);
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        long now = clock.relativeTimeNanos();
        if (newestEnd == Long.MIN_VALUE) {
            if (now - begun >= idlenessNanos) {
                output.markIdle();
            }
            return;
        }
        boolean silent = now - latestRow >= silenceNanos;
        completeEnd =
                Math.max(
                        completeEnd, Math.min(silent ? newestEnd : newestEnd - 1, settledEnd(now)));
        firstRows.headMap(completeEnd, true).clear();
        output.emitWatermark(new Watermark(completeEnd - 1));
        if (silent) {
            output.markIdle();
        }
    }

    /** Up to which end no first row came lately. */
    private long settledEnd(long now) {
        for (var ended : firstRows.entrySet()) {
            if (now - ended.getValue() < settleNanos) {
                return ended.getKey() - 1;
            }
        }
        return Long.MAX_VALUE;
    }
}
