package io.adstream.budget.account;

import io.adstream.common.money.Micros;

/** Compares a part with percent of a whole, exactly over the whole range of {@code long}. */
public final class Share {

    private static final long HUNDRED = 100;

    private Share() {}

    /**
     * Whether {@code part / whole ≥ percent / 100}. Of nothing, everything is reached.
     *
     * @param part not negative
     * @param whole not negative
     * @param percent not negative
     */
    public static boolean reaches(long part, long whole, long percent) {
        long partHigh = Math.multiplyHigh(part, HUNDRED);
        long wholeHigh = Math.multiplyHigh(whole, percent);
        return partHigh != wholeHigh
                ? partHigh > wholeHigh
                : Long.compareUnsigned(part * HUNDRED, whole * percent) >= 0;
    }

    /**
     * {@code part / whole × 100} in micros of a percentage point, capped to the range of {@code
     * long}; 100 where the whole is 0.
     */
    public static long percent(long part, long whole) {
        if (whole == 0) {
            return HUNDRED * Micros.ONE;
        }
        try {
            return Micros.percentage(part, whole);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
