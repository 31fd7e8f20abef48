package io.adstream.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Writes what is known of single records, one JSON object per line: of each record that is not
 * simply valid what is expected of it, and of each conversion the journey behind it.
 */
final class LabelFile implements AutoCloseable {

    private final JsonGenerator json;
    private final long[] lines = new long[InputTopic.values().length];

    LabelFile(Path path) throws IOException {
        json = new JsonFactory().createGenerator(NdjsonFiles.open(path));
        json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    }

    void add(TrafficRecord record) throws IOException {
        long line = ++lines[record.topic().ordinal()];
        Journey journey = record.journey();
        if (record.verdict() == Verdict.VALID && !record.amending() && journey == null) {
            return;
        }
        json.writeStartObject();
        json.writeStringField("topic", record.topic().topic());
        json.writeNumberField("line", line);
        json.writeStringField("expected", record.expected());
        if (record.defect() != null) {
            json.writeStringField("defect", record.defect());
        }
        if (record.amending()) {
            json.writeBooleanField("amending", true);
        }
        json.writeStringField("event_type", record.type());
        json.writeStringField("event_id", record.eventId());
        json.writeStringField("event_time", iso(record.eventTime()));
        if (journey != null) {
            json.writeStringField("session_id", journey.sessionId());
            json.writeStringField("device_id", journey.deviceId());
            json.writeStringField("reach", journey.reach().name());
            json.writeArrayFieldStart("touches");
            for (Journey.Touch touch : journey.touches()) {
                json.writeStartObject();
                json.writeStringField("click_id", touch.clickId());
                json.writeStringField("click_time", iso(touch.clickTime()));
                json.writeStringField("ad_id", touch.adId());
                json.writeStringField("session_id", touch.sessionId());
                json.writeStringField("device_id", touch.deviceId());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static String iso(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }

    @Override
    public void close() throws IOException {
        json.writeRaw('\n');
        json.close();
    }
}
