package io.adstream.common.kafka;

import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes records as they are, with their coordinates: for topics whose records are no events of a
 * contract. Their event time is their Kafka timestamp.
 */
public final class RawDeserializer implements KafkaRecordDeserializationSchema<InputEvent> {

    private static final long serialVersionUID = 1L;

    private static final InputEventType TYPE = new InputEventType(0, 0);

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<InputEvent> collector) {
        InputEvent event = new InputEvent(0, 0);
        event.clear();
        event.value = record.value();
        event.key = record.key();
        event.headers = EventDeserializer.headers(record);
        event.partition = record.partition();
        event.offset = record.offset();
        event.kafkaTimestamp = record.timestamp();
        event.eventTime = record.timestamp();
        collector.collect(event);
    }

    @Override
    public TypeInformation<InputEvent> getProducedType() {
        return TYPE;
    }
}
