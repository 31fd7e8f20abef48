package io.adstream.metrics.window;

/** The live value of one entity and window size: when it was written, and whether it waits. */
final class LiveKey {

    final EntityWindows entity;
    final WindowSize size;

    /** When it was last written, epoch milliseconds. */
    long writtenAt;

    /** Whether it waits in the {@link LiveSchedule}. */
    boolean waiting;

    LiveKey(EntityWindows entity, WindowSize size) {
        this.entity = entity;
        this.size = size;
    }
}
