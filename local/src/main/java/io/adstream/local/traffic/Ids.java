package io.adstream.local.traffic;

/** A sequence of 128-bit ids: unique within itself, and different for every salt. */
final class Ids {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final long salt;
    private long count;
    private long high;
    private long low;

    Ids(long salt) {
        this.salt = salt;
    }

    void advance() {
        count++;
        // A bijection of the count: no two are the same.
        high = mix(salt + count * GOLDEN);
        low = mix(high ^ salt);
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
