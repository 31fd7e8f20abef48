package io.adstream.anomaly.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.common.alert.Alert;
import io.adstream.common.time.EventTimes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads records of topic {@code alerts}, as {@code AlertRecord} writes them. */
public final class AlertReader {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AlertReader() {}

    /** The alert that a record's value holds, or null where it holds none. */
    public static @Nullable Alert read(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            JsonNode json = MAPPER.readTree(value);
            if (!json.isObject()) {
                return null;
            }
            List<String> samples = new ArrayList<>();
            json.path("sample_event_ids").forEach(id -> samples.add(id.asText()));
            return new Alert(
                    text(json, "alert_id"),
                    text(json, "rule_id"),
                    json.path("rule_version").asInt(),
                    Alert.Severity.valueOf(text(json, "severity")),
                    Alert.Status.valueOf(text(json, "status")),
                    Alert.EntityType.valueOf(text(json, "entity_type")),
                    text(json, "entity_id"),
                    json.path("window_start").isTextual()
                            ? (Long) time(text(json, "window_start"))
                            : null,
                    number(json, "observed"),
                    number(json, "usual"),
                    number(json, "threshold"),
                    text(json, "message"),
                    samples,
                    time(text(json, "at")));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static String text(JsonNode json, String field) {
        JsonNode node = json.path(field);
        if (!node.isTextual()) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return node.textValue();
    }

    private static long time(String text) {
        return EventTimes.parse(text, ZoneOffset.UTC);
    }

    private static @Nullable Double number(JsonNode json, String field) {
        JsonNode node = json.path(field);
        return node.isNumber() ? (Double) node.doubleValue() : null;
    }
}
