package io.adstream.common.kafka;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A serializer that tells which topic it writes to: with pooled transactions the sink asks the
 * brokers at a restart for open transactions on that topic, and aborts its own.
 */
final class TopicSerializer<T>
        implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final KafkaRecordSerializationSchema<T> serializer;

    TopicSerializer(String topic, KafkaRecordSerializationSchema<T> serializer) {
        this.topic = topic;
        this.serializer = serializer;
    }

    @Override
    public void open(
            SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext)
            throws Exception {
        serializer.open(context, sinkContext);
    }

    @Override
    public @Nullable ProducerRecord<byte[], byte[]> serialize(
            T element, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> record = serializer.serialize(element, context, timestamp);
        if (record != null && !record.topic().equals(topic)) {
            throw new IllegalStateException(
                    "a record for " + record.topic() + " in the sink of " + topic);
        }
        return record;
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(
                new DefaultKafkaDatasetFacet(
                        DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic)), new Properties()));
    }
}
