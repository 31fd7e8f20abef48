package io.adstream.dashboard.live;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a view.
 *
 * @param defaultText what holds where it is not given; null where it has to be given
 * @param choices what is allowed; empty for any text
 * @param least the smallest number; null where it is no number
 * @param most the greatest number, or for a text the most characters
 */
public record Parameter(
        String name,
        @Nullable String defaultText,
        List<String> choices,
        @Nullable Integer least,
        int most) {

    /** As many characters as an id may have in the optional fields of an event. */
    private static final int LONGEST = 8_192;

    /** One of several texts; the first is the default. */
    public static Parameter choice(String name, String... choices) {
        return new Parameter(name, choices[0], List.of(choices), null, LONGEST);
    }

    /** Any text; empty where it is not given. */
    public static Parameter text(String name) {
        return new Parameter(name, "", List.of(), null, LONGEST);
    }

    /** A text that has to be given. */
    public static Parameter required(String name) {
        return new Parameter(name, null, List.of(), null, LONGEST);
    }

    /** A whole number. */
    public static Parameter integer(String name, int defaultValue, int least, int most) {
        return new Parameter(name, String.valueOf(defaultValue), List.of(), least, most);
    }

    /**
     * The value as it is compared and handed on.
     *
     * @param given null where it is not given
     * @throws BadParameterException where it is not allowed
     */
    String read(@Nullable String given) {
        String text = given == null ? defaultText : given;
        if (text == null || (defaultText == null && text.isEmpty())) {
            throw new BadParameterException(name, "has to be given");
        }
        if (!choices.isEmpty() && !choices.contains(text)) {
            throw new BadParameterException(name, "allowed is " + String.join(", ", choices));
        }
        if (least != null) {
            return String.valueOf(number(text, least));
        }
        if (text.length() > most || text.indexOf('\0') >= 0) {
            throw new BadParameterException(name, "allowed are up to " + most + " characters");
        }
        return text;
    }

    private int number(String text, int smallest) {
        try {
            int number = Integer.parseInt(text);
            if (number >= smallest && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new BadParameterException(
                name, "allowed is a whole number from " + smallest + " to " + most);
    }
}
