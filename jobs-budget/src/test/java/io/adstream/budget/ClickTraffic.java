package io.adstream.budget;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.testing.events.AdEventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records of {@code ad-events}, mostly clicks, seeded: campaigns of different traffic, disorder up
 * to fifty minutes, duplicates, conflicting and broken records, prices that are absent.
 */
final class ClickTraffic {

    static final int CAMPAIGNS = 12;

    private static final int MOST_LATE_MILLIS = 3_000_000;

    private final String topic;
    private final int partitions;
    private final Random random;
    private final List<AdEventJson> sent = new ArrayList<>();
    private Instant clock = Instant.EPOCH;
    private int ids;

    ClickTraffic(String topic, int partitions, long seed) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = new Random(seed);
    }

    /** The first event happens then. */
    ClickTraffic from(String time) {
        clock = Instant.parse(time);
        return this;
    }

    /** Records whose event time goes on over a span. */
    List<ProducerRecord<byte[], byte[]>> over(Duration span, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock = clock.plusNanos(span.toNanos() / count);
            int dice = random.nextInt(100);
            if (dice < 4 && !sent.isEmpty()) {
                records.add(record(sent.get(random.nextInt(sent.size())).json()));
            } else if (dice < 7) {
                records.add(record(broken()));
            } else {
                AdEventJson json = event();
                if (random.nextInt(4) == 0) {
                    sent.add(json);
                }
                records.add(record(json.json()));
            }
        }
        return records;
    }

    private AdEventJson event() {
        String id = "event-" + ++ids;
        boolean click = random.nextInt(10) > 0;
        AdEventJson json = click ? AdEventJson.click(id) : AdEventJson.impression(id);
        if (click && random.nextInt(20) > 0) {
            json.price(random.nextInt(3) + "." + random.nextInt(1_000_000));
        }
        int campaign = (int) (CAMPAIGNS * Math.pow(random.nextDouble(), 2));
        int delay =
                random.nextInt(5) == 0 ? random.nextInt(MOST_LATE_MILLIS) : random.nextInt(9000);
        return json.campaign("c" + campaign).at(clock.minusMillis(delay));
    }

    private byte @Nullable [] broken() {
        AdEventJson click = AdEventJson.click("broken-" + random.nextInt(1000)).at(clock);
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> "[]".getBytes(UTF_8);
            case 2 -> click.without("campaign_id").json();
            case 3 -> click.price("-0.01").json();
            default -> click.at(Instant.now().plus(Duration.ofHours(1))).json();
        };
    }

    private ProducerRecord<byte[], byte[]> record(byte @Nullable [] value) {
        return new ProducerRecord<>(topic, random.nextInt(partitions), null, value);
    }
}
