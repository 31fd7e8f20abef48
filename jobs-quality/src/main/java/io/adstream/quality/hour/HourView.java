package io.adstream.quality.hour;

import io.adstream.quality.input.AdWindow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The newest windows of an ad, each in its newest revision. Pure: a change makes a new one.
 *
 * @param newestStart start of the newest window that was ever seen
 * @param category of that window
 * @param counts start, impressions, clicks and conversions of each window, in no order
 */
@SuppressWarnings("ArrayRecordComponent") // state, never compared
public record HourView(long newestStart, @Nullable String category, long[] counts) {

    static final HourView EMPTY = new HourView(Long.MIN_VALUE, null, new long[0]);

    private static final int WIDTH = 4;

    /**
     * With a revision of a window. It stands in for the one that is known unless it counts less: a
     * revision that was overtaken.
     */
    HourView with(AdWindow row) {
        int at = 0;
        while (at < counts.length && counts[at] != row.start()) {
            at += WIDTH;
        }
        if (at < counts.length && counts[at + 1] + counts[at + 2] + counts[at + 3] > row.events()) {
            return this;
        }
        long[] next = Arrays.copyOf(counts, Math.max(counts.length, at + WIDTH));
        next[at] = row.start();
        next[at + 1] = row.impressions();
        next[at + 2] = row.clicks();
        next[at + 3] = row.conversions();
        return row.start() >= newestStart
                ? new HourView(row.start(), row.category(), next)
                : new HourView(newestStart, category, next);
    }

    /** Without the windows that begin before a time. */
    HourView since(long time) {
        long[] kept = new long[counts.length];
        int length = 0;
        for (int at = 0; at < counts.length; at += WIDTH) {
            if (counts[at] >= time) {
                System.arraycopy(counts, at, kept, length, WIDTH);
                length += WIDTH;
            }
        }
        return new HourView(newestStart, category, Arrays.copyOf(kept, length));
    }

    /** End of the newest window, exclusive. */
    long newestEnd() {
        return newestStart + AdWindow.MILLIS;
    }

    /** What all windows count together, at a refresh. */
    AdHour hour(String adId, long refresh, boolean gone) {
        long impressions = 0;
        long clicks = 0;
        long conversions = 0;
        for (int at = 0; at < counts.length; at += WIDTH) {
            impressions += counts[at + 1];
            clicks += counts[at + 2];
            conversions += counts[at + 3];
        }
        return new AdHour(adId, category, refresh, impressions, clicks, conversions, gone);
    }
}
