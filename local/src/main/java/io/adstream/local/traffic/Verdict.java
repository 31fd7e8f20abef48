package io.adstream.local.traffic;

/** The one place that a record ends in. */
public enum Verdict {
    /** Counted. */
    VALID,
    /** The same bytes were sent before, within the dedup horizon. */
    DUPLICATE,
    /** So old that its one-minute window can no longer be amended. */
    LATE,
    /** Goes to the dead-letter topic, with a {@link io.adstream.common.event.RejectCode}. */
    REJECTED
}
