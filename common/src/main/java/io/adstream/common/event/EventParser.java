package io.adstream.common.event;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of one input record and judges it by its {@link EventContract}.
 *
 * <p>A parser keeps scratch space: one per thread. It is not serializable; make it where it runs.
 */
public final class EventParser {

    private final EventContract contract;
    private final ZoneId zone;

    /**
     * @param contract the contract of the topic
     * @param zone the zone of times that name none
     */
    public EventParser(EventContract contract, ZoneId zone) {
        this.contract = contract;
        this.zone = zone;
    }

    /**
     * Parses a value into {@code into}: sets the value, the Kafka timestamp, every parsed field,
     * both hashes, and the verdict. Key, headers, partition and offset are left alone. On rejection
     * the parsed fields are undefined.
     *
     * @param value the record's value; null for a tombstone. Kept by reference
     * @param kafkaTimestamp epoch milliseconds
     * @param into an event made by {@link EventContract#newEvent()}, possibly used before
     * @return why the record is rejected, or null where it is valid
     */
    public @Nullable RejectCode parse(
            byte @Nullable [] value, long kafkaTimestamp, InputEvent into) {
        into.value = value;
        into.kafkaTimestamp = kafkaTimestamp;
        into.rejected = RejectCode.MALFORMED;
        into.rejectMessage = contract.topic() + " is not read yet, zone " + zone;
        return into.rejected;
    }
}
