package io.adstream.local.traffic;

import io.adstream.common.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends records to Kafka: idempotent, compressed, in order per partition. */
final class KafkaRecords implements RecordSink {

    /** Header of a record that is not expected to be valid; its value is what is expected. */
    static final String EXPECTED_HEADER = "adstream.expected";

    /** An outage of ten minutes is to be outlived, as the jobs do. */
    private static final Duration DELIVERY_TIMEOUT = Duration.ofMinutes(11);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong tooLarge = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

    private KafkaRecords(String bootstrapServers, KafkaProducer<byte[], byte[]> producer) {
        this.bootstrapServers = bootstrapServers;
        this.producer = producer;
    }

    /**
     * Connects, and looks whether the topics are there.
     *
     * @throws ConfigException where no broker answers or a topic is missing
     */
    static KafkaRecords connect(String bootstrapServers, Collection<String> topics) {
        check(bootstrapServers, topics);
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "adstream-traffic");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 * 1024 * 1024);
        int timeout = Math.toIntExact(DELIVERY_TIMEOUT.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
        return new KafkaRecords(
                bootstrapServers,
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private static void check(String bootstrapServers, Collection<String> topics) {
        try (Admin admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                5_000,
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                Math.toIntExact(START_TIMEOUT.toMillis())))) {
            admin.describeTopics(topics)
                    .allTopicNames()
                    .get(START_TIMEOUT.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new ConfigException(
                        "A topic of "
                                + String.join(", ", topics)
                                + " is not on the broker at "
                                + bootstrapServers
                                + ". Make it with: ./adstream topics apply",
                        e);
            }
            throw away(bootstrapServers, e);
        } catch (TimeoutException | KafkaException e) {
            throw away(bootstrapServers, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(bootstrapServers, e);
        }
    }

    private static ConfigException away(String bootstrapServers, Exception cause) {
        return new ConfigException(
                "No Kafka broker answers at "
                        + bootstrapServers
                        + ". Start the system with ./adstream up, or name the broker with"
                        + " --bootstrap-servers HOST:PORT.",
                cause);
    }

    @Override
    public void send(
            String topic,
            byte @Nullable [] key,
            byte @Nullable [] value,
            @Nullable String expected) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, key, value);
        if (expected != null) {
            message.headers().add(EXPECTED_HEADER, expected.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            // The callback sees every outcome.
            var unused =
                    producer.send(
                            message,
                            (metadata, error) -> {
                                if (error == null) {
                                    delivered.incrementAndGet();
                                } else {
                                    note(error);
                                }
                            });
        } catch (InterruptException e) {
            interrupted(e);
        } catch (KafkaException e) {
            note(e);
        }
    }

    /** The user stops a run that waits for the broker: what follows must not be interrupted too. */
    private void interrupted(InterruptException e) {
        boolean cleared = Thread.interrupted();
        failed.compareAndSet(
                null,
                new KafkaException(
                        cleared ? "stopped while records waited for the broker" : "stopped", e));
    }

    private void note(Exception error) {
        if (error instanceof RecordTooLargeException) {
            tooLarge.incrementAndGet();
        } else {
            failed.compareAndSet(null, error);
        }
    }

    @Override
    public void flush() {
        if (failed.get() == null) {
            try {
                producer.flush();
            } catch (InterruptException e) {
                interrupted(e);
            }
        }
    }

    @Override
    public long delivered() {
        return delivered.get();
    }

    @Override
    public long tooLarge() {
        return tooLarge.get();
    }

    @Override
    public @Nullable String failure() {
        Exception error = failed.get();
        return error == null
                ? null
                : "Kafka at " + bootstrapServers + " takes no records: " + error.getMessage();
    }

    @Override
    public void close() {
        producer.close(failed.get() == null ? Duration.ofSeconds(30) : Duration.ZERO);
    }

    /** The topics of a simulation. */
    static List<String> inputTopics(boolean commerce) {
        return commerce
                ? List.of(InputTopic.AD_EVENTS.topic(), InputTopic.COMMERCE_EVENTS.topic())
                : List.of(InputTopic.AD_EVENTS.topic());
    }
}
