package io.adstream.bench;

import io.adstream.testing.services.KafkaBroker;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Fills a new topic as fast as the broker takes it. Closing it waits for all records, and fails
 * where one was not taken.
 */
final class TopicWriter implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private long records;
    private long bytes;

    /** Makes the topic, as it is in production but for ever. */
    TopicWriter(KafkaBroker kafka, String topic, int partitions) {
        this.topic = topic;
        kafka.createTopicNamed(
                topic,
                partitions,
                Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "-1"));
        // Not idempotent: a record that a retry doubles is one more duplicate, and sums are
        // checked.
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers(),
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "lz4",
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                false,
                                ProducerConfig.LINGER_MS_CONFIG,
                                20,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                128 << 10,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                600_000),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Adds a record, to the partition of its key. */
    void add(byte @Nullable [] key, byte[] value) {
        send(new ProducerRecord<>(topic, key, value));
    }

    /** Adds a record to a partition. */
    void add(int partition, byte[] value) {
        send(new ProducerRecord<>(topic, partition, null, value));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        records++;
        bytes += record.value().length;
        // The callback sees every outcome.
        var unused =
                producer.send(
                        record,
                        (metadata, error) -> {
                            if (error != null) {
                                failure.compareAndSet(null, error);
                            }
                        });
    }

    long records() {
        return records;
    }

    /** Bytes of all values. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        producer.close();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the topic could not be filled", failed);
        }
    }
}
