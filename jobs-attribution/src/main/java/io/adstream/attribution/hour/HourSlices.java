package io.adstream.attribution.hour;

import io.adstream.common.money.Micros;
import java.util.Arrays;

/**
 * The minutes of an ad that the rolling hour is made of, as numbers in state: start, clicks,
 * conversions and value of each minute, in no order.
 *
 * <p>The hour that ends at a full minute holds the sixty minutes before it.
 */
final class HourSlices {

    static final long HOUR = 60 * AdDelta.MINUTE;

    private static final int WIDTH = 4;

    private HourSlices() {}

    /** The slices with a delta added. */
    static long[] plus(long[] slices, AdDelta delta) {
        int at = 0;
        while (at < slices.length && slices[at] != delta.minute()) {
            at += WIDTH;
        }
        long[] sum = Arrays.copyOf(slices, Math.max(slices.length, at + WIDTH));
        sum[at] = delta.minute();
        sum[at + 1] += delta.clicks();
        sum[at + 2] += delta.conversions();
        sum[at + 3] = Micros.addCapped(sum[at + 3], delta.value());
        return sum;
    }

    /** The slices that the hour which ends at a full minute holds, or a later one. */
    static long[] since(long[] slices, long end) {
        long[] kept = new long[slices.length];
        int length = 0;
        for (int at = 0; at < slices.length; at += WIDTH) {
            if (slices[at] >= end - HOUR) {
                System.arraycopy(slices, at, kept, length, WIDTH);
                length += WIDTH;
            }
        }
        return Arrays.copyOf(kept, length);
    }

    /** The sums of the hour that ends at a full minute, exclusive. */
    static Sums sums(long[] slices, long end) {
        long clicks = 0;
        long conversions = 0;
        long value = 0;
        for (int at = 0; at < slices.length; at += WIDTH) {
            if (slices[at] >= end - HOUR && slices[at] < end) {
                clicks += slices[at + 1];
                conversions += slices[at + 2];
                value = Micros.addCapped(value, slices[at + 3]);
            }
        }
        return new Sums(clicks, conversions, value);
    }

    /** What an hour holds. */
    record Sums(long clicks, long conversions, long value) {

        boolean isEmpty() {
            return clicks == 0 && conversions == 0;
        }
    }
}
