package io.adstream.attribution.credit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** How the credit for a conversion is divided among the touches before it. */
public enum AttributionModel {
    /** All to the last touch; the official model. */
    LAST_CLICK {
        @Override
        long[] weights(long[] times, Duration halfLife) {
            long[] weights = new long[times.length];
            weights[times.length - 1] = 1;
            return weights;
        }
    },

    /** All to the first touch. */
    FIRST_CLICK {
        @Override
        long[] weights(long[] times, Duration halfLife) {
            long[] weights = new long[times.length];
            weights[0] = 1;
            return weights;
        }
    },

    /** The same to each touch. */
    LINEAR {
        @Override
        long[] weights(long[] times, Duration halfLife) {
            long[] weights = new long[times.length];
            Arrays.fill(weights, 1);
            return weights;
        }
    },

    /**
     * A touch that is a half-life older than another gets half as much: weight {@code 2^(-age /
     * half-life)}. The age before the conversion and the age before the last touch give the same
     * shares; the latter keeps the greatest weight at one.
     */
    TIME_DECAY {
        @Override
        long[] weights(long[] times, Duration halfLife) {
            long[] weights = new long[times.length];
            long last = times[times.length - 1];
            for (int i = 0; i < times.length; i++) {
                double halvings = (double) (last - times[i]) / halfLife.toMillis();
                weights[i] = Math.round(ONE * StrictMath.pow(2, -halvings));
            }
            return weights;
        }
    },

    /**
     * 40 % to the first and to the last touch, 20 % divided among those between; two touches share,
     * one has all.
     */
    POSITION_BASED {
        @Override
        long[] weights(long[] times, Duration halfLife) {
            long[] weights = new long[times.length];
            int between = Math.max(1, times.length - 2);
            Arrays.fill(weights, 1);
            weights[0] = 2L * between;
            weights[times.length - 1] = 2L * between;
            return weights;
        }
    };

    /** All credit for a conversion. */
    public static final int WHOLE = 1_000_000;

    /** The greatest weight of {@link #TIME_DECAY}; 500 and more of them fit into 63 bits. */
    private static final double ONE = 1L << 50;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The model in records and tables. */
    public String label() {
        return label;
    }

    /**
     * The credit of each touch in millionths; together exactly {@link #WHOLE}.
     *
     * @param times the touches' times in order, epoch milliseconds; at least one
     * @param halfLife of {@link #TIME_DECAY}
     */
    public int[] credits(long[] times, Duration halfLife) {
        long[] shares = LargestRemainder.split(WHOLE, weights(times, halfLife));
        int[] credits = new int[shares.length];
        for (int i = 0; i < shares.length; i++) {
            credits[i] = Math.toIntExact(shares[i]);
        }
        return credits;
    }

    /** What the shares are proportional to. */
    abstract long[] weights(long[] times, Duration halfLife);
}
