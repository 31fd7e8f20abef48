package io.adstream.common.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/**
 * The options of one holder class, each with its type, its default, what is allowed, and what it
 * means. A holder declares the set first, then its options:
 *
 * <pre>{@code
 * public final class MetricsOptions {
 *     public static final OptionSet OPTIONS = OptionSet.named("Metrics job", "Windows per ad …");
 *
 *     public static final ConfigOption<Duration> ALLOWED_LATENESS =
 *             OPTIONS.duration("metrics.allowed-lateness")
 *                     .defaultTo(Duration.ofMinutes(5))
 *                     .between(Duration.ZERO, Duration.ofHours(1))
 *                     .describedAs("How long after its end a window is still amended.");
 * }
 * }</pre>
 *
 * <p>{@link JobSettings} reads values for sets, {@link OptionReference} writes their documentation.
 */
public final class OptionSet {

    private static final Pattern KEY = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*");
    private static final Pattern HOST_PORT =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+]):([0-9]{1,5})");

    private final String name;
    private final String about;
    private final List<OptionSpec<?>> options = new ArrayList<>();
    private final List<SecretOption> secrets = new ArrayList<>();
    private final List<PassThrough> passThroughs = new ArrayList<>();
    private final List<Function<ReadableConfig, @Nullable String>> rules = new ArrayList<>();

    private OptionSet(String name, String about) {
        this.name = name;
        this.about = about;
    }

    /**
     * An empty set.
     *
     * @param name heading in the reference
     * @param about a sentence or two below the heading
     */
    public static OptionSet named(String name, String about) {
        return new OptionSet(name, about);
    }

    /** A string, not blank unless {@link Draft#orEmpty()} says so. */
    public Draft<String> string(String key) {
        return new Draft<>(
                        key,
                        "string",
                        text -> text,
                        value -> value,
                        ConfigOptions.key(key).stringType()::noDefaultValue,
                        value -> ConfigOptions.key(key).stringType().defaultValue(value))
                .where(value -> !value.isBlank(), "any text that is not blank");
    }

    public Draft<Integer> integer(String key) {
        return new Draft<>(
                key,
                "integer",
                Integer::valueOf,
                String::valueOf,
                ConfigOptions.key(key).intType()::noDefaultValue,
                value -> ConfigOptions.key(key).intType().defaultValue(value));
    }

    public Draft<Long> longInteger(String key) {
        return new Draft<>(
                key,
                "integer",
                Long::valueOf,
                String::valueOf,
                ConfigOptions.key(key).longType()::noDefaultValue,
                value -> ConfigOptions.key(key).longType().defaultValue(value));
    }

    /** A finite number. */
    public Draft<Double> number(String key) {
        return new Draft<>(
                key,
                "number",
                OptionSet::parseNumber,
                String::valueOf,
                ConfigOptions.key(key).doubleType()::noDefaultValue,
                value -> ConfigOptions.key(key).doubleType().defaultValue(value));
    }

    public Draft<Boolean> bool(String key) {
        return new Draft<>(
                key,
                "boolean",
                OptionSet::parseBoolean,
                String::valueOf,
                ConfigOptions.key(key).booleanType()::noDefaultValue,
                value -> ConfigOptions.key(key).booleanType().defaultValue(value));
    }

    /** A duration such as {@code 10 s}, {@code 500 ms}, {@code 1 h}; never negative. */
    public Draft<Duration> duration(String key) {
        return new Draft<>(
                key,
                "duration",
                OptionSet::parseDuration,
                TimeUtils::formatWithHighestUnit,
                ConfigOptions.key(key).durationType()::noDefaultValue,
                value -> ConfigOptions.key(key).durationType().defaultValue(value));
    }

    /** A size such as {@code 64 kb}, {@code 1 mb}. */
    public Draft<MemorySize> memory(String key) {
        return new Draft<>(
                key,
                "memory size",
                MemorySize::parse,
                MemorySize::toHumanReadableString,
                ConfigOptions.key(key).memoryType()::noDefaultValue,
                value -> ConfigOptions.key(key).memoryType().defaultValue(value));
    }

    /** One of the constants of an enum, written in lower case with dashes. */
    public <E extends Enum<E>> Draft<E> choice(String key, Class<E> values) {
        E[] constants = values.getEnumConstants();
        return new Draft<E>(
                        key,
                        "choice",
                        text -> parseChoice(constants, text),
                        OptionSet::choiceText,
                        ConfigOptions.key(key).enumType(values)::noDefaultValue,
                        value -> ConfigOptions.key(key).enumType(values).defaultValue(value))
                .where(
                        value -> true,
                        Arrays.stream(constants)
                                .map(OptionSet::choiceText)
                                .collect(Collectors.joining(", ")));
    }

    /** A time zone id such as {@code UTC} or {@code Asia/Seoul}, held as a string. */
    public Draft<String> zone(String key) {
        return string(key)
                .typed("time zone")
                .where(OptionSet::isZone, "a time zone id such as UTC or Asia/Seoul");
    }

    /** One or more {@code host:port}, separated by commas, held as a string. */
    public Draft<String> hostPorts(String key) {
        return string(key)
                .typed("host:port list")
                .where(OptionSet::isHostPorts, "host:port, or several separated by commas");
    }

    /** A host name or address without port, user or password, held as a string. */
    public Draft<String> host(String key) {
        return string(key)
                .typed("host")
                .where(
                        value -> value.matches("[A-Za-z0-9._-]+|[0-9A-Fa-f:]+"),
                        "a host name or address alone, without scheme, port or password");
    }

    /** A secret; adds the option {@code <key>-file} too. */
    public SecretOption secret(String key, String description) {
        SecretOption secret = new SecretOption(checkedKey(key), description);
        secrets.add(secret);
        ConfigOption<String> ignored =
                string(secret.fileKey())
                        .typed("path")
                        .where(value -> !value.isBlank(), "the path of a readable file")
                        .describedAs(
                                "File that holds "
                                        + key
                                        + " alone (a line end after it is ignored). The environment"
                                        + " variable "
                                        + secret.environmentVariable()
                                        + " is the alternative.");
        return secret;
    }

    /** Every key below a prefix, handed on to a library; see {@link PassThrough}. */
    public PassThrough passThrough(PassThrough passThrough) {
        passThroughs.add(passThrough);
        return passThrough;
    }

    /**
     * A rule over several options. It is asked once every single value is right.
     *
     * @param rule gives the problem as a sentence for the user, or null
     */
    public void rule(Function<ReadableConfig, @Nullable String> rule) {
        rules.add(rule);
    }

    public String name() {
        return name;
    }

    public String about() {
        return about;
    }

    List<OptionSpec<?>> options() {
        return Collections.unmodifiableList(options);
    }

    List<SecretOption> secrets() {
        return Collections.unmodifiableList(secrets);
    }

    List<PassThrough> passThroughs() {
        return Collections.unmodifiableList(passThroughs);
    }

    List<Function<ReadableConfig, @Nullable String>> rules() {
        return Collections.unmodifiableList(rules);
    }

    private static String checkedKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("option keys are dotted kebab-case: " + key);
        }
        return key;
    }

    private static Duration parseDuration(String text) {
        if (text.matches("[0-9]+") && !text.matches("0+")) {
            // TimeUtils would take a bare number as milliseconds, which nobody means.
            throw new IllegalArgumentException("no unit");
        }
        return TimeUtils.parseDuration(text);
    }

    private static Double parseNumber(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not finite");
        }
        return value;
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static <E extends Enum<E>> E parseChoice(E[] constants, String text) {
        for (E constant : constants) {
            if (choiceText(constant).equals(choiceText(text))) {
                return constant;
            }
        }
        throw new IllegalArgumentException("no such choice");
    }

    private static String choiceText(Enum<?> constant) {
        return choiceText(constant.name());
    }

    private static String choiceText(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isZone(String text) {
        try {
            return ZoneId.of(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isHostPorts(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(part -> HOST_PORT.matcher(part.strip()))
                .allMatch(
                        matcher ->
                                matcher.matches()
                                        && Integer.parseInt(matcher.group(2)) >= 1
                                        && Integer.parseInt(matcher.group(2)) <= 65535);
    }

    /** An option being declared; {@link #describedAs} ends it. */
    public final class Draft<T> {

        private final String key;
        private final Function<String, T> parser;
        private final Function<T, String> formatter;
        private final java.util.function.Supplier<ConfigOption<T>> withoutDefault;
        private final Function<T, ConfigOption<T>> withDefault;
        private String type;
        private Predicate<T> check = value -> true;
        private String allowed;
        private @Nullable T defaultValue;
        private @Nullable String perJobDefault;
        private boolean required;

        private Draft(
                String key,
                String type,
                Function<String, T> parser,
                Function<T, String> formatter,
                java.util.function.Supplier<ConfigOption<T>> withoutDefault,
                Function<T, ConfigOption<T>> withDefault) {
            this.key = checkedKey(key);
            this.type = type;
            this.parser = parser;
            this.formatter = formatter;
            this.withoutDefault = withoutDefault;
            this.withDefault = withDefault;
            this.allowed =
                    switch (type) {
                        case "boolean" -> "true or false";
                        case "integer" -> "an integer";
                        case "duration" ->
                                "a duration with a unit, such as 500 ms, 10 s, 5 min, 1 h";
                        case "memory size" -> "a size such as 64 kb or 1 mb";
                        default -> "a " + type;
                    };
        }

        private Draft<T> typed(String type) {
            this.type = type;
            return this;
        }

        public Draft<T> defaultTo(T value) {
            this.defaultValue = value;
            return this;
        }

        /** A default that is made from the job's name: {@code {job}} in the text stands for it. */
        public Draft<T> defaultPerJob(String text) {
            this.perJobDefault = text;
            return this;
        }

        /** Without a value the job does not start. */
        public Draft<T> required() {
            this.required = true;
            return this;
        }

        /** Allows the empty string. */
        public Draft<T> orEmpty() {
            Predicate<T> other = check;
            this.check = value -> String.valueOf(value).isEmpty() || other.test(value);
            return this;
        }

        /**
         * Replaces what is allowed.
         *
         * @param check whether a value is allowed
         * @param allowed the same as an English noun phrase
         */
        public Draft<T> where(Predicate<T> check, String allowed) {
            this.check = check;
            this.allowed = allowed;
            return this;
        }

        /** Allows the values from {@code least} to {@code most}, both included. */
        public Draft<T> between(T least, T most) {
            return where(
                    value -> compare(value, least) >= 0 && compare(value, most) <= 0,
                    allowed + ", from " + formatter.apply(least) + " to " + formatter.apply(most));
        }

        /** Allows {@code least} and everything above. */
        public Draft<T> atLeast(T least) {
            return where(
                    value -> compare(value, least) >= 0,
                    allowed + ", at least " + formatter.apply(least));
        }

        /** Ends the declaration: adds the option to the set. */
        public ConfigOption<T> describedAs(String description) {
            ConfigOption<T> option =
                    (defaultValue == null ? withoutDefault.get() : withDefault.apply(defaultValue))
                            .withDescription(description);
            OptionSpec<T> spec =
                    new OptionSpec<>(
                            option,
                            type,
                            parser,
                            formatter,
                            check,
                            allowed,
                            perJobDefault,
                            description,
                            required);
            if (defaultValue != null && !check.test(defaultValue)) {
                throw new IllegalArgumentException("the default of " + key + " is not allowed");
            }
            options.add(spec);
            return option;
        }

        @SuppressWarnings("unchecked") // every type that offers a range is comparable
        private int compare(T left, T right) {
            return ((Comparable<T>) left).compareTo(right);
        }
    }
}
