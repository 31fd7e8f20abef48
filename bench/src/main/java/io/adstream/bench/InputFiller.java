package io.adstream.bench;

import io.adstream.common.time.EventTimes;
import io.adstream.local.traffic.Scenario;
import io.adstream.local.traffic.Simulation;
import io.adstream.local.traffic.SimulationOptions;
import io.adstream.local.traffic.TrafficRecord;
import io.adstream.local.traffic.Verdict;
import io.adstream.testing.services.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Fills topics with simulated events: valid ones, 1 % of them twice, a fifth up to 10 s out of
 * order. They lie within one hour of event time that has passed; at the end each partition gets one
 * event of the next hour, so that every window with simulated events ends.
 */
final class InputFiller {

    /** As the topic has in production. */
    static final int PARTITIONS = 12;

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofMinutes(58);

    private final KafkaBroker kafka;

    InputFiller(KafkaBroker kafka) {
        this.kafka = kafka;
    }

    /**
     * What is asked for.
     *
     * @param events how many, duplicates included
     * @param density events per second of event time
     * @param hotAd whether one ad takes 90 % of the impressions
     */
    record Wanted(long events, double density, int ads, boolean hotAd, long seed) {

        Wanted {
            if (events / density > MOST.toSeconds()) {
                throw new IllegalArgumentException(
                        "%d events at %.0f per second of event time are more than %d minutes; take a greater --density"
                                .formatted(events, density, MOST.toMinutes()));
            }
        }
    }

    /**
     * A filled topic.
     *
     * @param records in it, the last events of the partitions included
     * @param bytes of all values
     * @param endOfWindows the watermark by which all windows have ended, epoch ms
     * @param expected what windows must hold in sum
     */
    record Input(
            String topicPrefix, long records, long bytes, long endOfWindows, Counts expected) {}

    Input fill(String topicPrefix, Wanted wanted) {
        String topic = topicPrefix + "ad-events";
        kafka.createTopicNamed(
                topic,
                PARTITIONS,
                Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "-1"));
        Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(2, ChronoUnit.HOURS);
        SimulationOptions.Builder options =
                SimulationOptions.builder()
                        .seed(wanted.seed())
                        .rate(wanted.density())
                        .start(hour.plus(FIRST))
                        .ads(wanted.ads())
                        .commerceShare(0)
                        .amending(0)
                        .late(0)
                        .broken(0);
        if (wanted.hotAd()) {
            options.scenario(Scenario.HOT_AD);
        }
        Simulation simulation = new Simulation(options.build());
        Counts expected = Counts.NONE;
        long bytes = 0;
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (long i = 0; i < wanted.events(); i++) {
                TrafficRecord record = simulation.next();
                byte[] value = PlainTime.of(record);
                bytes += value.length;
                send(producer, new ProducerRecord<>(topic, record.key(), value), failure);
                if (record.verdict() == Verdict.VALID && record.adId() != null) {
                    expected = expected.plus(counts(record));
                }
            }
            long last = hour.plus(62, ChronoUnit.MINUTES).toEpochMilli();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                byte[] value = closing(last).getBytes(StandardCharsets.UTF_8);
                send(producer, new ProducerRecord<>(topic, partition, null, value), failure);
            }
            producer.flush();
        }
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the topic could not be filled", failed);
        }
        return new Input(
                topicPrefix,
                wanted.events() + PARTITIONS,
                bytes,
                hour.plus(1, ChronoUnit.HOURS).toEpochMilli(),
                expected);
    }

    private static Counts counts(TrafficRecord record) {
        return switch (record.type()) {
            case "IMPRESSION" -> new Counts(1, 0, 0, 0, 0);
            case "CLICK" -> new Counts(0, 1, 0, record.costMicros(), 0);
            default -> new Counts(0, 0, 1, 0, record.valueMicros());
        };
    }

    private static String closing(long time) {
        return """
        {"event_id":"%s","event_type":"IMPRESSION","event_time":"%s","ad_id":"closing","campaign_id":"closing","advertiser_id":"closing"}\
        """
                .formatted(UUID.randomUUID(), EventTimes.format(time));
    }

    /**
     * Not idempotent: a record that a retry doubles is one more duplicate, and sums are checked.
     */
    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
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

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            AtomicReference<@Nullable Exception> failure) {
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
}
