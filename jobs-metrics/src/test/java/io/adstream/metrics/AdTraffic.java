package io.adstream.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.testing.events.AdEventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Records of {@code ad-events} as a platform sends them, seeded: ads of very different traffic,
 * prices, conversions without an ad, disorder, duplicates, conflicting and broken records. Nothing
 * of it is late; {@link #late} is, beyond doubt.
 */
final class AdTraffic {

    private static final int ADS = 60;
    private static final String[] STRANGE_IDS = {
        "a:b{c}", "quote\"back\\slash", "line\nbreak", "\u001b[31mred", "\uD83D\uDE00"
    };

    private final String topic;
    private final int partitions;
    private final Random random;

    /** To be sent again as they are; and, apart from them, with other content. */
    private final List<Sent> toRepeat = new ArrayList<>();

    private final List<Sent> toContradict = new ArrayList<>();
    private final Set<String> lateIds = new HashSet<>();
    private Instant clock;
    private int ids;

    private record Sent(AdEventJson json, int partition) {}

    AdTraffic(String topic, int partitions, Instant start, long seed) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = new Random(seed);
        this.clock = start;
    }

    /** Records whose event time goes on over a span. */
    List<ProducerRecord<byte[], byte[]>> over(Duration span, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock = clock.plusNanos(span.toNanos() / count);
            int dice = random.nextInt(100);
            if (dice < 4 && !toRepeat.isEmpty()) {
                Sent again = toRepeat.get(random.nextInt(toRepeat.size()));
                records.add(record(random.nextInt(partitions), again.json().json()));
            } else if (dice < 5 && !toContradict.isEmpty()) {
                // Which of two was first is certain only within a partition.
                Sent first = toContradict.remove(random.nextInt(toContradict.size()));
                records.add(record(first.partition(), first.json().with("ip", "changed").json()));
            } else if (dice < 8) {
                records.add(record(random.nextInt(partitions), broken()));
            } else {
                int partition = random.nextInt(partitions);
                AdEventJson json = event(clock.minusMillis(delayMillis()));
                records.add(record(partition, json.json()));
                if (random.nextInt(4) == 0) {
                    toRepeat.add(new Sent(json, partition));
                } else if (random.nextInt(20) == 0) {
                    toContradict.add(new Sent(json, partition));
                }
            }
        }
        return records;
    }

    /** One impression in each partition, so that time reaches the instant in all of them. */
    List<ProducerRecord<byte[], byte[]>> everywhere(Instant time) {
        clock = time;
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            records.add(record(partition, event(time).json()));
        }
        return records;
    }

    /** Events of a time that is over. */
    List<ProducerRecord<byte[], byte[]>> late(int count, Instant time) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(random.nextInt(partitions), event(time).json()));
            lateIds.add(id(ids));
        }
        return records;
    }

    /** The ids of the events that {@link #late} made. */
    Set<String> lateIds() {
        return lateIds;
    }

    private static String id(int number) {
        return "event-" + number;
    }

    private AdEventJson event(Instant time) {
        String id = id(++ids);
        int dice = random.nextInt(100);
        AdEventJson json =
                dice < 70
                        ? AdEventJson.impression(id)
                        : dice < 88
                                ? AdEventJson.click(id).price(money(3))
                                : dice < 96
                                        ? AdEventJson.conversion(id).value(money(200))
                                        : AdEventJson.pixelConversion(id).value(money(200));
        if (dice < 96) {
            // Few ads have most of the traffic.
            int ad = (int) (ADS * Math.pow(random.nextDouble(), 3));
            String adId = ad < STRANGE_IDS.length ? STRANGE_IDS[ad] : "ad-" + ad;
            boolean moved = ad % 10 == 0 && random.nextInt(5) == 0;
            json.ad(adId).campaign("cmp-" + (ad % 9 + (moved ? 1 : 0))).advertiser("adv-" + ad % 3);
        }
        if (random.nextBoolean()) {
            json.category("category-" + random.nextInt(3));
        }
        return json.at(time).user("u-" + random.nextInt(500)).with("ip", null);
    }

    private String money(int most) {
        return random.nextInt(most) + "." + random.nextInt(1_000_000);
    }

    /** Mostly within the bound of disorder, sometimes an amendment of a closed window. */
    private long delayMillis() {
        return random.nextInt(30) == 0 ? random.nextInt(240_000) : random.nextInt(10_000);
    }

    private byte @Nullable [] broken() {
        AdEventJson click = AdEventJson.click("broken-" + random.nextInt(1000)).at(clock);
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> "[]".getBytes(UTF_8);
            case 3 -> (click.text() + "}").getBytes(UTF_8);
            case 4 -> new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'};
            case 5 -> click.without("ad_id").json();
            case 6 -> click.with("event_type", "VIEW").json();
            case 7 -> click.withRaw("ad_id", "5").json();
            case 8 -> click.price("-0.01").json();
            case 9 -> click.at("1999-12-31T23:59:59").json();
            case 10 -> click.at(Instant.now().plus(Duration.ofHours(1))).json();
            default -> click.with("note", "x".repeat(70_000)).json();
        };
    }

    private ProducerRecord<byte[], byte[]> record(int partition, byte @Nullable [] value) {
        byte[] key = random.nextBoolean() ? null : ("key-" + random.nextInt(10)).getBytes(UTF_8);
        var record = new ProducerRecord<>(topic, partition, key, value);
        if (random.nextInt(5) == 0) {
            record.headers().add(new RecordHeader("trace", "t-1".getBytes(UTF_8)));
        }
        return record;
    }
}
