package io.adstream.anomaly.ad;

/**
 * A drop that holds but is not yet beyond chance: from its beginning on it is counted, until it
 * either is or no longer holds. Changed in place.
 */
final class Suspicion {

    boolean held;

    /** Clicks that conversions were to be expected of. */
    double clicks;

    long conversions;

    void clear() {
        held = false;
        clicks = 0;
        conversions = 0;
    }

    /** The first ten minutes, or one more. */
    void add(double moreClicks, long moreConversions) {
        held = true;
        clicks += moreClicks;
        conversions += moreConversions;
    }
}
