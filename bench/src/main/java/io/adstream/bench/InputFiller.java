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
import java.util.UUID;

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
        TopicWriter writer = new TopicWriter(kafka, topicPrefix + "ad-events", PARTITIONS);
        try (writer) {
            for (long i = 0; i < wanted.events(); i++) {
                TrafficRecord record = simulation.next();
                byte[] value = PlainTime.of(record);
                writer.add(record.key(), value);
                if (record.verdict() == Verdict.VALID && record.adId() != null) {
                    expected = expected.plus(counts(record));
                }
            }
            long last = hour.plus(62, ChronoUnit.MINUTES).toEpochMilli();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                writer.add(partition, closing(last));
            }
        }
        return new Input(
                topicPrefix,
                writer.records(),
                writer.bytes(),
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

    /** An event that moves time, and counts nowhere else. */
    static byte[] closing(long time) {
        return """
        {"event_id":"%s","event_type":"IMPRESSION","event_time":"%s","ad_id":"closing","campaign_id":"closing","advertiser_id":"closing"}\
        """
                .formatted(UUID.randomUUID(), EventTimes.format(time))
                .getBytes(StandardCharsets.UTF_8);
    }
}
