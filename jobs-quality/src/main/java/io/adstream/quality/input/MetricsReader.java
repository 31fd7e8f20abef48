package io.adstream.quality.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.adstream.common.time.EventTimes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of topic {@code performance-metrics}. A record of another type is left as soon as
 * its type is known.
 */
public final class MetricsReader {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** What a record of the topic is. */
    public enum Kind {
        /** A row, given by {@link #update}. */
        METRICS,
        /** Another record of the topic, such as an attribution. */
        OTHER,
        /** No record of the topic. */
        BROKEN
    }

    private @Nullable String type;
    private @Nullable String entityType;
    private @Nullable String entityId;
    private @Nullable String window;
    private @Nullable String category;
    private @Nullable String windowStart;
    private @Nullable String windowEnd;
    private long impressions;
    private long clicks;
    private long conversions;
    private long revision;
    private @Nullable MetricsUpdate update;

    /** Reads a record's value. */
    public Kind read(int partition, byte @Nullable [] value) {
        clear();
        if (value == null) {
            return Kind.BROKEN;
        }
        try (JsonParser json = FACTORY.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Kind.BROKEN;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                field(json.currentName(), json);
                if (type != null && !type.equals("METRICS")) {
                    return Kind.OTHER;
                }
            }
            update = row(partition);
            return update == null ? Kind.BROKEN : Kind.METRICS;
        } catch (IOException | DateTimeException e) {
            return Kind.BROKEN;
        }
    }

    /** The row that was read last. */
    public MetricsUpdate update() {
        if (update == null) {
            throw new IllegalStateException("the record was no row");
        }
        return update;
    }

    private void field(String name, JsonParser json) throws IOException {
        json.nextToken();
        switch (name) {
            case "type" -> type = json.getValueAsString("");
            case "entity_type" -> entityType = text(json);
            case "entity_id" -> entityId = text(json);
            case "window" -> window = text(json);
            case "category" -> category = text(json);
            case "window_start" -> windowStart = text(json);
            case "window_end" -> windowEnd = text(json);
            case "impressions" -> impressions = count(json);
            case "clicks" -> clicks = count(json);
            case "conversions" -> conversions = count(json);
            case "revision" -> revision = count(json);
            default -> json.skipChildren();
        }
    }

    private static @Nullable String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return null;
    }

    /** A count, or -1 where there is none. */
    private static long count(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        json.skipChildren();
        return -1;
    }

    private @Nullable MetricsUpdate row(int partition) {
        if (type == null
                || entityType == null
                || window == null
                || windowStart == null
                || windowEnd == null
                || revision < 1) {
            return null;
        }
        long start = EventTimes.parse(windowStart, ZoneOffset.UTC);
        long end = EventTimes.parse(windowEnd, ZoneOffset.UTC);
        if (!entityType.equals("AD") || !window.equals("5m")) {
            return new MetricsUpdate(partition, end, revision == 1, null);
        }
        if (entityId == null
                || entityId.isEmpty()
                || impressions < 0
                || clicks < 0
                || conversions < 0
                || end - start != AdWindow.MILLIS
                || start % AdWindow.MILLIS != 0) {
            return null;
        }
        String named = category == null || category.isBlank() ? null : category;
        return new MetricsUpdate(
                partition,
                end,
                revision == 1,
                new AdWindow(entityId, named, start, impressions, clicks, conversions));
    }

    private void clear() {
        type = null;
        entityType = null;
        entityId = null;
        window = null;
        category = null;
        windowStart = null;
        windowEnd = null;
        impressions = -1;
        clicks = -1;
        conversions = -1;
        revision = -1;
        update = null;
    }
}
