package io.adstream.quality.publish;

import java.math.BigDecimal;

/** Numbers as records and hashes hold them: every digit, no exponent, no trailing zeros. */
final class PlainNumber {

    private PlainNumber() {}

    static BigDecimal of(double number) {
        BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
        return decimal.scale() < 0 ? decimal.setScale(0) : decimal;
    }

    static String text(double number) {
        return of(number).toPlainString();
    }
}
