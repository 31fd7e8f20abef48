package io.adstream.quality.input;

import java.util.HashMap;
import java.util.Map;

/**
 * From which time on a row counts. The first row of a window counts from the window's end. An
 * amendment counts from when it was known: its place in the partition decides, behind rows of later
 * windows, so that reading the topic again gives the same.
 */
final class KnownSince {

    /**
     * An amendment counts this long after its window's end at the latest: where rows are in
     * disorder, what is before it in the partition says nothing.
     */
    static final long LATEST = 2 * AdWindow.MILLIS;

    private final Map<Integer, Long> newestEnds = new HashMap<>();

    /** Goes on from a checkpoint; the newest of several counts. */
    void restore(int partition, long newestEnd) {
        newestEnds.merge(partition, newestEnd, Math::max);
    }

    /** The time from which on a row counts, epoch milliseconds; not before its window's end. */
    long of(MetricsUpdate row) {
        long newest = newestEnds.merge(row.partition(), row.windowEnd(), Math::max);
        return row.first() ? row.windowEnd() : Math.min(newest, row.windowEnd() + LATEST);
    }

    /** The newest end of a window, per partition. */
    Map<Integer, Long> newestEnds() {
        return newestEnds;
    }
}
