package io.adstream.dashboard;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the dashboard.
 *
 * @param key its key, such as {@code redis.port}
 * @param defaultText what holds where nothing is given; null for no value
 * @param allowed what is allowed, for messages and the documentation
 * @param description what it is for
 * @param reader gives the value, or null where the text is not allowed
 */
record Setting<T>(
        String key,
        @Nullable String defaultText,
        String allowed,
        String description,
        Function<String, @Nullable T> reader) {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|min|h)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L);

    static Setting<String> text(String key, @Nullable String defaultText, String description) {
        return new Setting<>(
                key, defaultText, "text", description, text -> text.isBlank() ? null : text.trim());
    }

    static Setting<Boolean> flag(String key, boolean defaultValue, String description) {
        return new Setting<>(
                key,
                String.valueOf(defaultValue),
                "true, false",
                description,
                text -> {
                    String trimmed = text.trim();
                    return trimmed.equals("true") ? Boolean.TRUE : falseOrNull(trimmed);
                });
    }

    private static @Nullable Boolean falseOrNull(String text) {
        return text.equals("false") ? Boolean.FALSE : null;
    }

    static Setting<Integer> integer(
            String key, int defaultValue, int least, int most, String description) {
        return new Setting<>(
                key,
                String.valueOf(defaultValue),
                "a whole number from " + least + " to " + most,
                description,
                text -> {
                    try {
                        int value = Integer.parseInt(text.trim());
                        return value < least || value > most ? null : value;
                    } catch (NumberFormatException e) {
                        return null;
                    }
                });
    }

    static Setting<Duration> duration(
            String key, String defaultText, Duration least, Duration most, String description) {
        return new Setting<>(
                key,
                defaultText,
                "a duration from " + text(least) + " to " + text(most) + ", such as 500 ms or 2 s",
                description,
                text -> {
                    Matcher matcher = DURATION.matcher(text.trim());
                    if (!matcher.matches()) {
                        return null;
                    }
                    Duration value =
                            Duration.ofMillis(
                                    Long.parseLong(matcher.group(1))
                                            * MILLIS.getOrDefault(matcher.group(2), 1L));
                    return value.compareTo(least) < 0 || value.compareTo(most) > 0 ? null : value;
                });
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0
                ? duration.toSeconds() + " s"
                : duration.toMillis() + " ms";
    }

    /** An address of the form {@code http://host:port}, without a slash at its end. */
    static Setting<String> address(String key, @Nullable String defaultText, String description) {
        return new Setting<>(
                key,
                defaultText,
                "http://host:port or https://host:port",
                description,
                text -> {
                    String address = text.trim().replaceAll("/+$", "");
                    return address.matches("https?://[^\\s/]+(/[^\\s]*)?") ? address : null;
                });
    }
}
