package io.adstream.attribution.hour;

/**
 * What happened to an ad in a minute.
 *
 * @param minute start of the minute, epoch milliseconds
 * @param clicks clicks of the minute
 * @param conversions conversions of the minute that are credited to the ad
 * @param value what these were worth, micros
 */
public record AdDelta(String adId, long minute, long clicks, long conversions, long value) {

    /** Milliseconds of a minute. */
    public static final long MINUTE = 60_000;

    /** The minute that a time lies in. */
    public static long minuteOf(long time) {
        return Math.floorDiv(time, MINUTE) * MINUTE;
    }
}
