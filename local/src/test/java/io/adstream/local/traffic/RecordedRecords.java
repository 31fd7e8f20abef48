package io.adstream.local.traffic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what is sent, with the wall time at which it was. */
final class RecordedRecords implements RecordSink {

    record Sent(String topic, @Nullable String key, String value, long at) {}

    final List<Sent> records = new ArrayList<>();
    private final WallClock wall;

    RecordedRecords(WallClock wall) {
        this.wall = wall;
    }

    @Override
    public void send(
            String topic,
            byte @Nullable [] key,
            byte @Nullable [] value,
            @Nullable String expected) {
        records.add(
                new Sent(
                        topic,
                        key == null ? null : new String(key, StandardCharsets.UTF_8),
                        value == null ? "" : new String(value, StandardCharsets.UTF_8),
                        wall.millis()));
    }

    @Override
    public void flush() {}

    @Override
    public long delivered() {
        return records.size();
    }

    @Override
    public long tooLarge() {
        return 0;
    }

    @Override
    public @Nullable String failure() {
        return null;
    }

    @Override
    public void close() {}
}
