package io.adstream.metrics.window;

/**
 * How long ago the records arrived in Kafka that are being counted now: the shortest delay seen in
 * the last one to two seconds, so that a single partition that lies behind does not count. Where
 * nothing comes, nothing is behind.
 *
 * <p>Pure: time is a parameter. Not safe for threads.
 */
final class ArrivalDelay {

    private static final long SPAN_MILLIS = 1000;
    private static final long NONE = Long.MAX_VALUE;

    private long spanStart;
    private long current = NONE;
    private long previous = NONE;

    /** A record that arrived then is being counted now; both epoch ms. */
    void seen(long arrival, long now) {
        roll(now);
        current = Math.min(current, Math.max(0, now - arrival));
    }

    /** The delay in ms; 0 where nothing was seen for a while. */
    long millis(long now) {
        roll(now);
        long shortest = Math.min(current, previous);
        return shortest == NONE ? 0 : shortest;
    }

    private void roll(long now) {
        long spans = Math.floorDiv(now - spanStart, SPAN_MILLIS);
        if (spans == 0) {
            return;
        }
        previous = spans == 1 ? current : NONE;
        current = NONE;
        spanStart = spans == 1 ? spanStart + SPAN_MILLIS : now;
    }
}
