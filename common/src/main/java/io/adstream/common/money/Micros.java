package io.adstream.common.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * Amounts and ratios as {@code long} micros: millionths of the currency unit, or of one.
 *
 * <p>Text is a plain decimal: at most six decimals, no exponent, no trailing zeros, {@code 0} for
 * zero. Divisions round half-even to six decimals.
 */
public final class Micros {

    /** Micros of one. */
    public static final long ONE = 1_000_000L;

    /** Micros of a percentage point's hundredfold: the factor from a fraction to a percentage. */
    private static final long HUNDRED = 100 * ONE;

    private static final int DECIMALS = 6;

    private Micros() {}

    /** Appends the plain decimal, as in {@code 0.25}. */
    public static StringBuilder append(StringBuilder out, long micros) {
        // Negative throughout: the most negative long has no positive counterpart.
        long rest = micros;
        if (micros < 0) {
            out.append('-');
        } else {
            rest = -micros;
        }
        long whole = rest / ONE;
        int fraction = (int) (whole * ONE - rest);
        out.append(-whole);
        if (fraction == 0) {
            return out;
        }
        out.append('.');
        for (int unit = 100_000; fraction != 0; unit /= 10) {
            out.append((char) ('0' + fraction / unit));
            fraction %= unit;
        }
        return out;
    }

    /** The plain decimal, as in {@code 0.25}. */
    public static String format(long micros) {
        return append(new StringBuilder(20), micros).toString();
    }

    /**
     * Reads a plain decimal, optionally with a minus sign: {@code 12}, {@code 0.25}, {@code
     * -3.000}.
     *
     * @return micros, exactly
     * @throws NumberFormatException where the text is not a plain decimal, has more than six
     *     decimals, or is beyond the range of micros
     */
    public static long parse(CharSequence text) {
        int at = 0;
        int end = text.length();
        boolean negative = at < end && text.charAt(at) == '-';
        if (negative) {
            at++;
        }
        // Built up as a negative number, for the same reason as in append.
        long micros = 0;
        int whole = 0;
        int decimals = -1;
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (c == '.' && decimals < 0 && whole > 0) {
                decimals = 0;
                continue;
            }
            if (c < '0' || c > '9' || decimals == DECIMALS) {
                throw notPlain(text);
            }
            if (decimals < 0) {
                whole++;
            } else {
                decimals++;
            }
            micros = appendDigit(micros, c - '0', text);
        }
        if (whole == 0 || decimals == 0) {
            throw notPlain(text);
        }
        for (int i = Math.max(decimals, 0); i < DECIMALS; i++) {
            micros = appendDigit(micros, 0, text);
        }
        if (!negative && micros == Long.MIN_VALUE) {
            throw outOfRange(text);
        }
        return negative ? micros : -micros;
    }

    private static long appendDigit(long negative, int digit, CharSequence text) {
        if (negative < Long.MIN_VALUE / 10 || negative * 10 < Long.MIN_VALUE + digit) {
            throw outOfRange(text);
        }
        return negative * 10 - digit;
    }

    private static NumberFormatException notPlain(CharSequence text) {
        return new NumberFormatException(
                "not a plain decimal with at most " + DECIMALS + " decimals: " + text);
    }

    private static NumberFormatException outOfRange(CharSequence text) {
        return new NumberFormatException("beyond the range of micros: " + text);
    }

    /** The micros of a decimal, rounded half-even; for code that is not on the hot path. */
    public static long of(BigDecimal amount) {
        return amount.movePointRight(DECIMALS).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }

    /** The micros as a decimal of scale six. */
    public static BigDecimal toDecimal(long micros) {
        return BigDecimal.valueOf(micros, DECIMALS);
    }

    /**
     * {@code part / whole × 100} in micros, as for ctr = clicks / impressions × 100; 0 where {@code
     * whole} is 0.
     *
     * @param part a count, not negative
     * @param whole a count, not negative
     * @throws ArithmeticException where the percentage is beyond the range of micros
     */
    public static long percentage(long part, long whole) {
        return whole == 0 ? 0 : multiplyDivide(part, HUNDRED, whole);
    }

    /**
     * An amount per piece in micros, as for cpc = cost / clicks; 0 where {@code pieces} is 0.
     *
     * @param micros the amount, not negative
     * @param pieces a count, not negative
     */
    public static long perPiece(long micros, long pieces) {
        return pieces == 0 ? 0 : divide(micros, pieces);
    }

    /**
     * {@code a + b}, but {@link Long#MAX_VALUE} where the sum is beyond it: a total of two amounts
     * at the contract's upper bound is. Of amounts that are not negative the order does not matter.
     */
    public static long addCapped(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? Long.MAX_VALUE : sum;
    }

    /** {@code a × b / divisor}, half-even; no operand negative, the divisor not 0. */
    private static long multiplyDivide(long a, long b, long divisor) {
        if (Math.multiplyHigh(a, b) == 0 && a * b >= 0) {
            return divide(a * b, divisor);
        }
        return new BigDecimal(BigInteger.valueOf(a).multiply(BigInteger.valueOf(b)))
                .divide(BigDecimal.valueOf(divisor), 0, RoundingMode.HALF_EVEN)
                .longValueExact();
    }

    /** {@code dividend / divisor}, half-even; no operand negative, the divisor not 0. */
    private static long divide(long dividend, long divisor) {
        long quotient = dividend / divisor;
        long remainder = dividend - quotient * divisor;
        long toNext = divisor - remainder;
        boolean up = remainder > toNext || (remainder == toNext && (quotient & 1) == 1);
        return up ? quotient + 1 : quotient;
    }
}
