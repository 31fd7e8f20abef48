package io.adstream.features.session;

/** One session of a user. */
final class Session {

    /** Time of the first event, epoch milliseconds. */
    long start;

    /** Time of the last event, epoch milliseconds. */
    long last;

    /** Events by their {@code indexInTopic}. */
    final int[] counts = new int[3];

    /** Whether the watermark has passed its end. */
    boolean closed;

    /** Whether Redis holds it under its start. */
    boolean written;

    Session(long start, long last) {
        this.start = start;
        this.last = last;
    }

    /** Takes in another session. */
    void absorb(Session other) {
        start = Math.min(start, other.start);
        last = Math.max(last, other.last);
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }
}
