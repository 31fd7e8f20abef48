package io.adstream.attribution.hour;

import io.adstream.common.money.Micros;

/**
 * The rolling hour of an ad.
 *
 * @param end the full minute at which the hour ends, exclusive, epoch milliseconds
 * @param clicks clicks in the hour
 * @param conversions conversions in the hour that are credited to the ad
 * @param value what these were worth, micros
 * @param expiresAt when the Redis key goes by itself, by the wall clock
 */
public record AdHour(
        String adId, long end, long clicks, long conversions, long value, long expiresAt) {

    /** Conversions per hundred clicks, micros; 0 without clicks. */
    public long cvr() {
        return Micros.percentage(conversions, clicks);
    }

    /** Whether the hour holds nothing: its key is removed. */
    public boolean isEmpty() {
        return clicks == 0 && conversions == 0;
    }
}
