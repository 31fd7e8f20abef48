package io.adstream.common.kafka;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sinks that write a topic exactly once. */
public final class KafkaSinks {

    private KafkaSinks() {}

    /**
     * A sink whose records become visible to {@code read_committed} readers when the checkpoint
     * that holds them completes. A commit that the brokers refuse raises {@code
     * failedCommittables}, unless they say that the transaction was committed before.
     *
     * @param name the sink's name within the job, such as {@code dead-letters}: part of its
     *     transactional ids, so it must be unique in the job and stay the same
     * @param topic the full name of the only topic that the serializer writes to
     * @param maxRequestBytes the largest request that the producer sends; the topic's {@code
     *     max.message.bytes} must allow it
     */
    public static <T> Sink<T> exactlyOnce(
            JobSettings settings,
            String name,
            String topic,
            int maxRequestBytes,
            KafkaRecordSerializationSchema<T> serializer) {
        String prefix = settings.get(KafkaOptions.TRANSACTIONAL_ID_PREFIX) + "-" + name;
        Properties producer = producerProperties(settings, maxRequestBytes);
        KafkaSink<T> sink =
                KafkaSink.<T>builder()
                        .setKafkaProducerConfig(producer)
                        .setBootstrapServers(settings.get(KafkaOptions.BOOTSTRAP_SERVERS))
                        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                        .setTransactionalIdPrefix(prefix)
                        .setRecordSerializer(new TopicSerializer<>(topic, serializer))
                        .build();
        return new ExactlyOnceSink<>(
                sink,
                prefix,
                committerProperties(settings, producer),
                KafkaClients.patientAdmin(settings));
    }

    /** What a producer needs that only commits. */
    private static Properties committerProperties(JobSettings settings, Properties producer) {
        Properties properties = new Properties();
        properties.putAll(producer);
        properties.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.get(KafkaOptions.BOOTSTRAP_SERVERS));
        String serializer = ByteArraySerializer.class.getName();
        properties.setProperty(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, serializer);
        properties.setProperty(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, serializer);
        return properties;
    }

    /** What a producer of the job is set to, apart from addresses and names. */
    static Properties producerProperties(JobSettings settings, int maxRequestBytes) {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "20");
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        properties.setProperty(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                String.valueOf(KafkaClients.PATIENCE.toMillis()));
        properties.setProperty(
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                String.valueOf(KafkaClients.PATIENCE.toMillis()));
        properties.putAll(KafkaClients.producer(settings));
        properties.setProperty(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(maxRequestBytes));
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(settings.get(KafkaOptions.TRANSACTION_TIMEOUT).toMillis()));
        return properties;
    }
}
