package io.adstream.common.ingest;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Counts by the minute of the Kafka timestamp, collected on heap between two reports. */
public final class IngestMinutes {

    private static final long MINUTE = 60_000;

    /** Far enough back that no difference overflows. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final String topic;
    private final Map<Long, IngestCounts> minutes = new HashMap<>();
    private long latestMinute = NEVER;
    private IngestCounts latest = new IngestCounts();

    public IngestMinutes(String topic) {
        this.topic = topic;
    }

    /** The counts of the minute that a record arrived in. */
    public IngestCounts at(long kafkaTimestamp) {
        if (kafkaTimestamp - latestMinute >= MINUTE || kafkaTimestamp < latestMinute) {
            latestMinute = Math.floorDiv(kafkaTimestamp, MINUTE) * MINUTE;
            latest = minutes.computeIfAbsent(latestMinute, minute -> new IngestCounts());
        }
        return latest;
    }

    /** Hands over what was counted since the last call. */
    public void drain(Consumer<IngestDelta> report) {
        minutes.forEach((minute, counts) -> report.accept(new IngestDelta(topic, minute, counts)));
        minutes.clear();
        latestMinute = NEVER;
    }
}
