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

    /** Whether the window of an event can no longer be amended at a watermark. */
    public boolean isLate(long eventTime, long watermark) {
        long end = Math.floorDiv(eventTime, windowMillis) * windowMillis + windowMillis;
        return end - 1 + allowedMillis <= watermark;
    }
}
