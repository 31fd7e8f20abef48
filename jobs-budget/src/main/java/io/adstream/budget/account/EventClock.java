package io.adstream.budget.account;

import java.time.Duration;

/**
 * The time by which budget days end: event time, and the wall clock where the input is at its end
 * and was live. A campaign that is paused has no clicks; were all campaigns paused, no record might
 * come that moves event time over midnight. It never goes back.
 *
 * <p>The input is taken to be at its end when event time has not moved for {@link #SILENCE}, and to
 * have been live when it was less than {@link #LIVE_LAG} behind at its latest move. Time then goes
 * on from there at the pace of the wall clock.
 */
public final class EventClock {

    /** No time is known yet. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** How far live input may be behind. */
    public static final Duration LIVE_LAG = Duration.ofMinutes(2);

    /** After so long without a move the input is at its end. */
    public static final Duration SILENCE = Duration.ofSeconds(30);

    private long watermark = UNKNOWN;
    private long movedAt = UNKNOWN;
    private long reached = UNKNOWN;
    private long watchedSince = UNKNOWN;

    /** Begins to watch: before this nothing is known about the silence of the input. */
    public void start(long wall) {
        watchedSince = wall;
    }

    /** Goes on from a checkpoint; the latest of several counts. */
    public void restore(long restoredWatermark, long restoredMovedAt, long restoredReached) {
        if (restoredWatermark > watermark) {
            watermark = restoredWatermark;
            movedAt = restoredMovedAt;
        }
        reached = Math.max(reached, restoredReached);
    }

    /** Event time has moved. */
    public void advance(long newWatermark, long wall) {
        if (newWatermark > watermark) {
            watermark = newWatermark;
            movedAt = wall;
            reached = Math.max(reached, newWatermark);
        }
    }

    /** The time, epoch milliseconds, or {@link #UNKNOWN}. */
    public long time(long wall) {
        long silentSince = Math.max(movedAt, watchedSince);
        if (wasLive() && wall - silentSince >= SILENCE.toMillis()) {
            reached = Math.max(reached, watermark + (wall - movedAt));
        }
        return reached;
    }

    /** Whether event time was close to the wall clock when it moved last. */
    public boolean wasLive() {
        return watermark != UNKNOWN && movedAt - watermark <= LIVE_LAG.toMillis();
    }

    public long watermark() {
        return watermark;
    }

    public long movedAt() {
        return movedAt;
    }

    public long reached() {
        return reached;
    }
}
