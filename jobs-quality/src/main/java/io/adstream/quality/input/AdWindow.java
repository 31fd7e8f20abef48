package io.adstream.quality.input;

import org.jspecify.annotations.Nullable;

/**
 * What an ad did in five minutes, as the metrics job counted it: one revision of the row.
 *
 * @param category of the window's latest event; null where it has none
 * @param start of the window, epoch milliseconds
 */
public record AdWindow(
        String adId,
        @Nullable String category,
        long start,
        long impressions,
        long clicks,
        long conversions) {

    /** Milliseconds of a window. Refreshes come as often. */
    public static final long MILLIS = 300_000;

    /** End of the window, exclusive. */
    public long end() {
        return start + MILLIS;
    }

    /** Events counted: of two revisions the one that counts more is the newer. */
    public long events() {
        return impressions + clicks + conversions;
    }
}
