package io.adstream.testing.oracle;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of an input topic as Kafka holds it.
 *
 * @param timestamp the record's Kafka timestamp, epoch milliseconds
 * @param value null for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record InputRecord(
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers) {

    /** A record without key and headers. */
    public static InputRecord of(
            int partition, long offset, long timestamp, byte @Nullable [] value) {
        return new InputRecord(partition, offset, timestamp, null, value, List.of());
    }

    /** A record as a consumer got it. */
    public static InputRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new InputRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                List.of(record.headers().toArray()));
    }
}
