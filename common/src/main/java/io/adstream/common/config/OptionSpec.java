package io.adstream.common.config;

import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * An option with what a {@link ConfigOption} does not say: how its text is read and what is
 * allowed.
 *
 * @param option the option
 * @param type name of the type, for people
 * @param parser text to value; throws IllegalArgumentException or ArithmeticException
 * @param formatter value to text, the inverse of the parser
 * @param check whether a value is allowed
 * @param allowed what is allowed, as an English noun phrase
 * @param perJobDefault a default that names the job as {@code {job}}, or null
 * @param description what it means
 * @param required whether the job cannot start without a value
 */
record OptionSpec<T>(
        ConfigOption<T> option,
        String type,
        Function<String, T> parser,
        Function<T, String> formatter,
        Predicate<T> check,
        String allowed,
        @Nullable String perJobDefault,
        String description,
        boolean required) {

    String key() {
        return option.key();
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException where the text is no value of the type, or not an allowed
     *     one
     */
    T parse(String text) {
        T value;
        try {
            value = parser.apply(text.strip());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(e);
        }
        if (!check.test(value)) {
            throw new IllegalArgumentException("not allowed");
        }
        return value;
    }

    /** The default as text, empty where there is none. */
    String defaultText() {
        if (perJobDefault != null) {
            return perJobDefault;
        }
        return option.hasDefaultValue() ? formatter.apply(option.defaultValue()) : "";
    }
}
