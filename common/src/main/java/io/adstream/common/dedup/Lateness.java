package io.adstream.common.dedup;

import java.io.Serializable;
import java.time.Duration;

/**
 * When an event comes too late for a job: the tumbling window that it belongs to can no longer be
 * amended.
 *
 * @param windowMillis size of the job's smallest window
 * @param allowedMillis how long after its end a window can be amended
 */
public record Lateness(long windowMillis, long allowedMillis) implements Serializable {

    public static Lateness of(Duration window, Duration allowed) {
        return new Lateness(window.toMillis(), allowed.toMillis());
    }

    /**
     * The time up to which windows have been forgotten at a watermark: no window that ends by then
     * can be amended, nor ever again, also where a restarted job allows more.
     */
    public long purgedBefore(long watermark) {
        return watermark < Long.MIN_VALUE + allowedMillis
                ? Long.MIN_VALUE
                : watermark + 1 - allowedMillis;
    }

    /** Whether the window of an event is among those that have been forgotten. */
    public boolean isLate(long eventTime, long purgedBefore) {
        long end = Math.floorDiv(eventTime, windowMillis) * windowMillis + windowMillis;
        return end <= purgedBefore;
    }

    /** How long after its time an event can still be in time. */
    long longestMillis() {
        return windowMillis + allowedMillis;
    }
}
