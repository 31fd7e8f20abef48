package io.adstream.anomaly;

import io.adstream.testing.events.AdEventJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Ninety minutes of three ads, with known incidents, in an order that differs from their times by
 * up to nine seconds.
 */
final class AdTraffic {

    static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    static final int MINUTES = 90;

    /** What opens, as {@code rule entity}. */
    static final List<String> INCIDENTS =
            List.of(
                    "click-flood 203.0.113.66",
                    "click-flood d-flood",
                    "ctr-spike ad-1",
                    "cvr-drop ad-2");

    private record Sent(long at, AdEventJson json) {}

    private final String topic;
    private final int partitions;
    private final Random random;
    private final List<Sent> sent = new ArrayList<>();
    private int ids;

    AdTraffic(String topic, int partitions, long seed) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = new Random(seed);
    }

    /** All records, in the order in which they are sent. */
    List<ProducerRecord<byte[], byte[]>> records() {
        for (int minute = 0; minute < MINUTES; minute++) {
            ad("ad-1", minute, 200, minute >= 40 && minute < 43 ? 80 : 4, 0);
            ad("ad-2", minute, 120, 30, minute >= 45 && minute < 65 ? 0 : 6);
            ad("ad-3", minute, 150, 3, 1);
        }
        for (int i = 0; i < 140; i++) {
            long time = time(20) + 2000 + i * 330L;
            send(AdEventJson.click(id()).ad("ad-4").device("d-flood").ip("198.51.100." + i), time);
            send(
                    AdEventJson.click(id()).ad("ad-4").device("d-" + i).ip("203.0.113.66"),
                    time(30) + 2000 + i * 330L);
        }
        sent.sort(Comparator.comparingLong(Sent::at));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Sent one : sent) {
            byte[] value = one.json.json();
            records.add(record(value));
            if (random.nextInt(50) == 0) {
                records.add(record(value));
            }
        }
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(byte[] value) {
        return new ProducerRecord<>(topic, random.nextInt(partitions), null, value);
    }

    private void ad(String ad, int minute, int impressions, int clicks, int conversions) {
        for (int i = 0; i < impressions; i++) {
            send(AdEventJson.impression(id()).ad(ad), within(minute));
        }
        for (int i = 0; i < clicks; i++) {
            send(
                    AdEventJson.click(id()).ad(ad).device("d-" + random.nextInt(5000)),
                    within(minute));
        }
        for (int i = 0; i < conversions; i++) {
            send(AdEventJson.conversion(id()).ad(ad), within(minute));
        }
    }

    private void send(AdEventJson json, long time) {
        sent.add(new Sent(time + random.nextInt(9000), json.at(Instant.ofEpochMilli(time))));
    }

    private long within(int minute) {
        return time(minute) + random.nextInt(60_000);
    }

    private static long time(int minute) {
        return START.toEpochMilli() + minute * 60_000L;
    }

    private String id() {
        return "event-" + ++ids;
    }
}
