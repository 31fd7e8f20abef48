package io.adstream.local.traffic;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a speed: a positive number, or {@code max}. */
final class SpeedText implements ITypeConverter<Double> {

    @Override
    public Double convert(String value) {
        if (value.equals("max")) {
            return Pacer.MAX;
        }
        try {
            double speed = Double.parseDouble(value);
            if (speed > 0 && speed < Double.POSITIVE_INFINITY) {
                return speed;
            }
        } catch (NumberFormatException e) {
            throw refused(value, e);
        }
        throw refused(value, null);
    }

    private static TypeConversionException refused(String value, @Nullable Exception cause) {
        TypeConversionException refused =
                new TypeConversionException(
                        "'"
                                + value
                                + "' is not a speed; write a number above 0 such as 10, or max");
        if (cause != null) {
            refused.initCause(cause);
        }
        return refused;
    }

    static String format(double speed) {
        return speed == Pacer.MAX
                ? "max"
                : BigDecimal.valueOf(speed).stripTrailingZeros().toPlainString();
    }
}
