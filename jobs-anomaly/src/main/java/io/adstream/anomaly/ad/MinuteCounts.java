package io.adstream.anomaly.ad;

/** Counts of one minute of an ad that may still change. */
final class MinuteCounts {

    static final int LEFT_OUT_OF_CTR = 1;
    static final int LEFT_OUT_OF_CVR = 2;
    static final int AMENDED = 4;

    long impressions;
    long clicks;
    long conversions;
    int flags;

    /** Empty once the minute has been judged, but for what came later. */
    final ClickIds clickIds = new ClickIds();

    boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
