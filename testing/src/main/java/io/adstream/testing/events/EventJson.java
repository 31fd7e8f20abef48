package io.adstream.testing.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of both topics share. A builder is changed in place and returned; {@link
 * #json()} may be called repeatedly.
 *
 * @param <B> the builder itself
 */
public abstract class EventJson<B extends EventJson<B>> {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ObjectNode fields = MAPPER.createObjectNode();

    EventJson() {}

    abstract B self();

    /** Sets a field to a string, or to JSON null. */
    public B with(String field, @Nullable String value) {
        fields.put(field, value);
        return self();
    }

    /** Sets a field to JSON text as it is, for example {@code "1e309"} or {@code "{}"}. */
    public B withRaw(String field, String json) {
        fields.putRawValue(field, new RawValue(json));
        return self();
    }

    /** Leaves a field out. */
    public B without(String field) {
        fields.remove(field);
        return self();
    }

    /**
     * Event time, as text: {@code 2026-11-20T10:00:00.123Z} and the other forms of the contract.
     */
    public B at(String eventTime) {
        return with("event_time", eventTime);
    }

    /** Event time. */
    public B at(Instant eventTime) {
        return at(eventTime.toString());
    }

    /** Event time as a JSON integer. */
    public B atMillis(long epochMillis) {
        fields.put("event_time", epochMillis);
        return self();
    }

    /** The record's text. */
    public String text() {
        try {
            return MAPPER.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + fields, e);
        }
    }

    /** The record's value as Kafka carries it. */
    public byte[] json() {
        return text().getBytes(UTF_8);
    }
}
