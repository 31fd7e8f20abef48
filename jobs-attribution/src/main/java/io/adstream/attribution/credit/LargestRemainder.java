package io.adstream.attribution.credit;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Divides a whole number in proportion to weights so that the parts are whole and sum to it: each
 * part is rounded down, and what is left goes, one each, to the parts that lost most by it; of
 * equals to the later one (Hamilton's method).
 */
public final class LargestRemainder {

    private LargestRemainder() {}

    /**
     * Divides a total.
     *
     * @param total not negative
     * @param weights not negative, at least one above 0, their sum within 63 bits
     */
    public static long[] split(long total, long[] weights) {
        long sum = Arrays.stream(weights).sum();
        long[] parts = new long[weights.length];
        long[] remainders = new long[weights.length];
        long left = total;
        for (int i = 0; i < weights.length; i++) {
            if (Math.multiplyHigh(total, weights[i]) == 0 && total * weights[i] >= 0) {
                long product = total * weights[i];
                parts[i] = product / sum;
                remainders[i] = product % sum;
            } else {
                BigInteger[] division =
                        BigInteger.valueOf(total)
                                .multiply(BigInteger.valueOf(weights[i]))
                                .divideAndRemainder(BigInteger.valueOf(sum));
                parts[i] = division[0].longValueExact();
                remainders[i] = division[1].longValueExact();
            }
            left -= parts[i];
        }
        if (left > 0) {
            IntStream.range(0, weights.length)
                    .boxed()
                    .sorted(
                            (a, b) ->
                                    remainders[a] != remainders[b]
                                            ? Long.compare(remainders[b], remainders[a])
                                            : Integer.compare(b, a))
                    .limit(left)
                    .forEach(i -> parts[i]++);
        }
        return parts;
    }
}
