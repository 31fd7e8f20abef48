package io.adstream.anomaly.ad;

import org.jspecify.annotations.Nullable;

/**
 * What a rule makes of a minute.
 *
 * @param level what it is
 * @param windowStart beginning of what was judged
 * @param observed the rate that was measured, in percent, or null without evidence
 * @param usual the usual rate, in percent, or null without evidence
 * @param threshold the rate that the rule compares with, in percent, or null without evidence
 * @param message what was seen, for people
 */
record Verdict(
        Level level,
        long windowStart,
        @Nullable Double observed,
        @Nullable Double usual,
        @Nullable Double threshold,
        String message) {

    /** What a minute is. */
    enum Level {
        /** A breach. */
        HOT,
        /** Neither a breach nor calm. */
        BETWEEN,
        /** As usual. */
        CALM,
        /** Too little to say. */
        UNKNOWN
    }

    static Verdict unknown(long windowStart) {
        return new Verdict(Level.UNKNOWN, windowStart, null, null, null, "");
    }

    /** No breach, and nobody to be told of it: nearly every minute of nearly every ad. */
    static Verdict calm(long windowStart) {
        return new Verdict(Level.CALM, windowStart, null, null, null, "");
    }
}
