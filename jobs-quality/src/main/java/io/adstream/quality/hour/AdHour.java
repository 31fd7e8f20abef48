package io.adstream.quality.hour;

import org.jspecify.annotations.Nullable;

/**
 * The hour of an ad at a refresh.
 *
 * @param category of the ad's newest window; null where it has none
 * @param at the refresh: end of the hour, exclusive, epoch milliseconds
 * @param gone whether the ad has been silent for so long that nothing of it is kept
 */
public record AdHour(
        String adId,
        @Nullable String category,
        long at,
        long impressions,
        long clicks,
        long conversions,
        boolean gone) {

    private static final String NO_CATEGORY = "unknown";

    /** The category that the ad is judged in. */
    public String pool() {
        return category == null ? NO_CATEGORY : category;
    }
}
