package io.adstream.local.traffic;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 500ms}, {@code 90s}, {@code 2m}, {@code 1h}. */
final class DurationText implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        String text = value.trim().toUpperCase(Locale.ROOT);
        try {
            if (text.endsWith("MS")) {
                return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
            }
            return Duration.parse(text.startsWith("P") ? text : "PT" + text);
        } catch (DateTimeParseException | NumberFormatException e) {
            TypeConversionException refused =
                    new TypeConversionException(
                            "'"
                                    + value
                                    + "' is not a duration; write it like 500ms, 90s, 2m or 1h");
            refused.initCause(e);
            throw refused;
        }
    }
}
