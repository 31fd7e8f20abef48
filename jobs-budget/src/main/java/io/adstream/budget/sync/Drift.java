package io.adstream.budget.sync;

import io.adstream.budget.account.Share;
import io.adstream.common.money.Micros;

/**
 * How far a counter is from the deduction. Money is micros.
 *
 * <p>Counter and deduction are of the same cut, but clocks of ad servers differ and a click is
 * counted a little before or after its event time. So the deduction is a range: with all spend
 * around the cut and without any. What lies within is explained; what lies beyond is judged by its
 * distance from the range, and corrected by the difference to the deduction itself.
 *
 * @param outcome what it is
 * @param amount counter minus deduction
 */
record Drift(Outcome outcome, long amount) {

    /** Percent of the deduction from which on a drift is corrected. */
    static final int CORRECTED_FROM = 5;

    /** Drift is measured against at least this. */
    static final long FLOOR = Micros.ONE;

    /** What a comparison finds. */
    enum Outcome {
        ACCURATE,
        IN_FLIGHT,
        DRIFTED
    }

    static Drift of(long counter, Deduction deduction) {
        long amount = minus(counter, deduction.deduction());
        long beyond =
                counter > deduction.most()
                        ? minus(counter, deduction.most())
                        : counter < deduction.least() ? minus(counter, deduction.least()) : 0;
        if (isLarge(beyond, deduction.deduction())) {
            return new Drift(Outcome.DRIFTED, amount);
        }
        return new Drift(
                isLarge(amount, deduction.deduction()) ? Outcome.IN_FLIGHT : Outcome.ACCURATE,
                amount);
    }

    private static boolean isLarge(long amount, long deduction) {
        return Share.reaches(absolute(amount), Math.max(deduction, FLOOR), CORRECTED_FROM);
    }

    /** 100 minus the drift in percent of the deduction, at least 0; micros. */
    static long accuracy(long amount, long deduction) {
        long off = Share.percent(absolute(amount), Math.max(deduction, FLOOR));
        return Math.max(0, 100 * Micros.ONE - off);
    }

    /** The difference, capped to what can be negated. */
    private static long minus(long a, long b) {
        long difference = a - b;
        if (((a ^ b) & (a ^ difference)) < 0) {
            return a < 0 ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
        return Math.max(difference, -Long.MAX_VALUE);
    }

    private static long absolute(long amount) {
        return amount == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(amount);
    }
}
