package io.adstream.metrics.window;

/**
 * A Redis key of one entity and window size that is written in its turn: when it was written, and
 * whether it waits.
 */
final class ScheduledKey {

    final EntityWindows entity;
    final WindowSize size;

    /** Whether it holds the newest closed window; else it is the live key. */
    final boolean closed;

    /** When it was last written, epoch milliseconds. */
    long writtenAt;

    /** Whether it waits in the {@link WriteSchedule}. */
    boolean waiting;

    ScheduledKey(EntityWindows entity, WindowSize size, boolean closed) {
        this.entity = entity;
        this.size = size;
        this.closed = closed;
    }
}
