package io.adstream.common.money;

import java.math.BigDecimal;

/**
 * Amounts and ratios as {@code long} micros: millionths of the currency unit, or of one.
 *
 * <p>Text is a plain decimal: at most six decimals, no exponent, no trailing zeros, {@code 0} for
 * zero.
 */
public final class Micros {

    /** Micros of one. */
    public static final long ONE = 1_000_000L;

    private Micros() {}

    /** Appends the plain decimal. */
    public static StringBuilder append(StringBuilder out, long micros) {
        return out.append(
                micros == 0
                        ? "0"
                        : BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString());
    }

    /** The plain decimal, as in {@code 0.25}. */
    public static String format(long micros) {
        return append(new StringBuilder(24), micros).toString();
    }
}
