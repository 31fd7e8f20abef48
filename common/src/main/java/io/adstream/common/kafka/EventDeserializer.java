package io.adstream.common.kafka;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RawHeader;
import java.time.ZoneId;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Kafka record into an {@link InputEvent}: parsed, or with the code it is rejected with.
 * Every record goes out; none is dropped and nothing is thrown for what a record holds.
 *
 * <p>One event object is filled again and again: whoever keeps it must copy it.
 */
public final class EventDeserializer implements KafkaRecordDeserializationSchema<InputEvent> {

    private static final long serialVersionUID = 1L;

    private final EventContract contract;
    private final ZoneId zone;
    private final TypeInformation<InputEvent> type;
    private final int skippedTypes;
    private final int topic;

    private transient @Nullable EventParser parser;
    private transient @Nullable InputEvent event;

    /**
     * @param contract what the topic's records must look like
     * @param zone zone of event times that name none
     * @param type how Flink carries the events between tasks
     */
    public EventDeserializer(
            EventContract contract, ZoneId zone, TypeInformation<InputEvent> type) {
        this(contract, zone, type, 0, 0);
    }

    private EventDeserializer(
            EventContract contract,
            ZoneId zone,
            TypeInformation<InputEvent> type,
            int skippedTypes,
            int topic) {
        this.contract = contract;
        this.zone = zone;
        this.type = type;
        this.skippedTypes = skippedTypes;
        this.topic = topic;
    }

    /**
     * The same for a job that does not use the records of an event type: they go out as {@linkplain
     * InputEvent#skipped skipped}, so that time still moves by them.
     *
     * @param eventType index into {@link EventContract#eventTypes()}
     */
    public EventDeserializer skipping(int eventType) {
        return new EventDeserializer(contract, zone, type, skippedTypes | 1 << eventType, topic);
    }

    /**
     * The same for a topic whose records go through one stream with those of others; the type must
     * have room for the fields of all.
     *
     * @param index what {@link InputEvent#topic} says
     */
    public EventDeserializer ofTopic(int index) {
        return new EventDeserializer(contract, zone, type, skippedTypes, index);
    }

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        parser = new EventParser(contract, zone, skippedTypes);
        event = type.createSerializer(new SerializerConfigImpl()).createInstance();
    }

    @Override
    public void deserialize(
            ConsumerRecord<byte[], byte[]> record, Collector<InputEvent> collector) {
        InputEvent into = event;
        into.clear();
        into.topic = topic;
        parser.parse(record.value(), record.timestamp(), into);
        into.key = record.key();
        into.headers = headers(record);
        into.partition = record.partition();
        into.offset = record.offset();
        collector.collect(into);
    }

    static RawHeader @Nullable [] headers(ConsumerRecord<byte[], byte[]> record) {
        Header[] headers = record.headers().toArray();
        if (headers.length == 0) {
            return null;
        }
        RawHeader[] raw = new RawHeader[headers.length];
        for (int i = 0; i < headers.length; i++) {
            raw[i] = new RawHeader(headers[i].key(), headers[i].value());
        }
        return raw;
    }

    @Override
    public TypeInformation<InputEvent> getProducedType() {
        return type;
    }
}
