package io.adstream.common.event;

/**
 * Reads JSON numbers of any length and exponent exactly, without going through {@code double}.
 *
 * <p>Not thread-safe.
 */
final class DecimalReader {

    /** The number is below zero. */
    static final long NEGATIVE = -1;

    /** The number is above what is allowed. */
    static final long ABOVE = -2;

    /** The number is not an integer. */
    static final long FRACTION = -3;

    /** The largest amount, in micros: 9e12 units. */
    static final long MAX_MICROS = 9_000_000_000_000_000_000L;

    /** Decimals of a micro. */
    private static final int DECIMALS = 6;

    /** So many integer digits fit a long with six decimals behind them, and are below the bound. */
    private static final int SHORT_WHOLE = 12;

    /** No text is so long that its digits could make up for an exponent of this size. */
    private static final long FAR_EXPONENT = 1_000_000_000L;

    private static final long[] POWERS_OF_TEN = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    // The number as 0.d1d2d3… × 10^point, d1 not 0.
    private byte[] text = {};
    private int firstDigit;
    private int lastDigit;
    private long point;
    private boolean negative;
    private boolean zero;

    /** Where {@link #take} stopped. */
    private int next;

    /**
     * An amount.
     *
     * @param bytes holds a valid JSON number
     * @return micros, half-even beyond six decimals; or {@link #NEGATIVE} where the number is below
     *     zero, however little; or {@link #ABOVE} where it is above 9e12, however little
     */
    long micros(byte[] bytes, int from, int to) {
        int at = from;
        boolean minus = bytes[at] == '-';
        if (minus) {
            at++;
        }
        int whole = at;
        long value = 0;
        int digit;
        while (at < to && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            at++;
        }
        if (at - whole <= SHORT_WHOLE) {
            int decimals = 0;
            if (at < to && bytes[at] == '.') {
                int fraction = ++at;
                while (at < to
                        && at - fraction < DECIMALS
                        && (digit = bytes[at] - '0') >= 0
                        && digit <= 9) {
                    value = value * 10 + digit;
                    at++;
                }
                decimals = at - fraction;
            }
            if (at == to) {
                return minus && value != 0 ? NEGATIVE : value * POWERS_OF_TEN[DECIMALS - decimals];
            }
        }
        return exactMicros(bytes, from, to);
    }

    private long exactMicros(byte[] bytes, int from, int to) {
        analyse(bytes, from, to);
        if (zero) {
            return 0;
        }
        if (negative) {
            return NEGATIVE;
        }
        if (point > 13) {
            return ABOVE;
        }
        long digits = point + DECIMALS;
        if (digits < 0) {
            return 0;
        }
        // At most 19 digits: unsigned.
        long micros = take((int) digits);
        int rounding = digit();
        boolean more = next < lastDigit;
        boolean exact = rounding == 0 && !more;
        if (Long.compareUnsigned(micros, MAX_MICROS) > 0 || (micros == MAX_MICROS && !exact)) {
            return ABOVE;
        }
        boolean up = rounding > 5 || (rounding == 5 && (more || (micros & 1) == 1));
        return up ? micros + 1 : micros;
    }

    /**
     * An integer that is not negative, however it is written: {@code 5}, {@code 5.0} and {@code
     * 50e-1} are the same.
     *
     * @param bytes holds a valid JSON number
     * @return the integer, or {@link #FRACTION} where it is none, {@link #NEGATIVE}, or {@link
     *     #ABOVE} where it is above {@link Long#MAX_VALUE}
     */
    long integer(byte[] bytes, int from, int to) {
        if (to - from <= 18) {
            int at = from;
            long value = 0;
            int digit;
            while (at < to && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
                value = value * 10 + digit;
                at++;
            }
            if (at == to) {
                return value;
            }
        }
        analyse(bytes, from, to);
        if (zero) {
            return 0;
        }
        long digits = point;
        if (digits < significantDigits()) {
            return FRACTION;
        }
        if (negative) {
            return NEGATIVE;
        }
        if (digits > 19) {
            return ABOVE;
        }
        long value = take((int) digits);
        return value < 0 ? ABOVE : value;
    }

    private void analyse(byte[] bytes, int from, int to) {
        text = bytes;
        negative = bytes[from] == '-';
        zero = true;
        int at = negative ? from + 1 : from;
        int wholeDigits = 0;
        int leadingZeros = 0;
        boolean inFraction = false;
        for (; at < to; at++) {
            byte c = bytes[at];
            if (c == '.') {
                inFraction = true;
                continue;
            }
            if (c < '0' || c > '9') {
                break;
            }
            if (!inFraction) {
                wholeDigits++;
            }
            if (c != '0') {
                if (zero) {
                    firstDigit = at;
                    zero = false;
                }
                lastDigit = at;
            } else if (zero) {
                leadingZeros++;
            }
        }
        point = wholeDigits - leadingZeros + exponent(bytes, at + 1, to);
    }

    private static long exponent(byte[] bytes, int from, int to) {
        if (from >= to) {
            return 0;
        }
        boolean minus = bytes[from] == '-';
        long exponent = 0;
        for (int at = minus || bytes[from] == '+' ? from + 1 : from; at < to; at++) {
            exponent = Math.min(exponent * 10 + bytes[at] - '0', FAR_EXPONENT);
        }
        return minus ? -exponent : exponent;
    }

    /** How many digits there are from the first that is not 0 to the last. */
    private int significantDigits() {
        int digits = lastDigit - firstDigit + 1;
        for (int at = firstDigit; at < lastDigit; at++) {
            if (text[at] == '.') {
                return digits - 1;
            }
        }
        return digits;
    }

    /** The first digits as an integer, zeros after the last; at most 19, as an unsigned long. */
    private long take(int digits) {
        long value = 0;
        next = firstDigit;
        for (int i = 0; i < digits; i++) {
            value = value * 10 + digit();
            next++;
        }
        return value;
    }

    /** The digit at {@link #next}, which first steps over the point; 0 behind the last digit. */
    private int digit() {
        if (next > lastDigit) {
            return 0;
        }
        if (text[next] == '.') {
            next++;
        }
        return text[next] - '0';
    }
}
