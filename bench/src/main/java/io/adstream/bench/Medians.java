package io.adstream.bench;

import java.util.Arrays;

/** Order statistics of a few measurements, or of many. */
final class Medians {

    private Medians() {}

    /** The middle value; of an even number of values the mean of the two middle ones. */
    static double median(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The least value that at least a share of the values does not exceed (nearest rank).
     *
     * @param sorted in ascending order
     * @param share above 0, at most 1
     */
    static long percentile(long[] sorted, double share) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }
}
