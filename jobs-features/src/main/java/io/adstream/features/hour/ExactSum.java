package io.adstream.features.hour;

import io.adstream.common.money.Micros;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** A sum of amounts in micros that never overflows: the contract allows amounts near 2^63. */
final class ExactSum {

    /** The lower 64 bits, unsigned. */
    long low;

    /** How often they were passed. */
    long high;

    void add(long micros) {
        low += micros;
        if (Long.compareUnsigned(low, micros) < 0) {
            high++;
        }
    }

    void add(ExactSum other) {
        high += other.high;
        add(other.low);
    }

    /** The sum per piece in micros, half-even; 0 where there are no pieces. */
    long perPiece(long pieces) {
        if (pieces == 0 || (high == 0 && low >= 0)) {
            return Micros.perPiece(low, pieces);
        }
        BigInteger sum =
                BigInteger.valueOf(high)
                        .shiftLeft(Long.SIZE)
                        .add(new BigInteger(Long.toUnsignedString(low)));
        return new BigDecimal(sum)
                .divide(BigDecimal.valueOf(pieces), 0, RoundingMode.HALF_EVEN)
                .longValueExact();
    }
}
