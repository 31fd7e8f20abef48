package io.adstream.common.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, member by member, in the forms that all outputs share. */
public final class JsonObject {

    private final StringBuilder json;

    /**
     * @param length about how many characters the object will have
     */
    public JsonObject(int length) {
        json = new StringBuilder(length).append('{');
    }

    /** A string, or null. */
    public JsonObject text(String name, @Nullable String value) {
        name(name);
        quoted(value);
        return this;
    }

    /** An integer. */
    public JsonObject number(String name, long value) {
        name(name);
        json.append(value);
        return this;
    }

    /** An amount or ratio in micros, as a plain decimal. */
    public JsonObject decimal(String name, long micros) {
        name(name);
        Micros.append(json, micros);
        return this;
    }

    /** A time in epoch milliseconds, as ISO-8601 UTC. */
    public JsonObject time(String name, long epochMillis) {
        name(name);
        EventTimes.append(json.append('"'), epochMillis).append('"');
        return this;
    }

    /** An array of strings. */
    public JsonObject texts(String name, Collection<String> values) {
        name(name);
        array(values);
        return this;
    }

    /** The object. */
    @Override
    public String toString() {
        return json + "}";
    }

    /** An array of strings, as JSON text of its own. */
    public static String textOf(Collection<String> values) {
        JsonObject scratch = new JsonObject(16 + 24 * values.size());
        scratch.json.setLength(0);
        scratch.array(values);
        return scratch.json.toString();
    }

    private void name(String name) {
        if (json.length() > 1) {
            json.append(',');
        }
        quoted(name);
        json.append(':');
    }

    private void array(Collection<String> values) {
        json.append('[');
        boolean first = true;
        for (String value : values) {
            if (!first) {
                json.append(',');
            }
            first = false;
            quoted(value);
        }
        json.append(']');
    }

    private void quoted(@Nullable String value) {
        if (value == null) {
            json.append("null");
        } else {
            json.append('"');
            if (isPlain(value)) { // nearly always, and then several times as fast
                json.append(value);
            } else {
                JsonStringEncoder.getInstance().quoteAsString(value, json);
            }
            json.append('"');
        }
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }
}
