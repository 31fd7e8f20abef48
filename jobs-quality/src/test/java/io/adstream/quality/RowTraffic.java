package io.adstream.quality;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.testing.oracle.ScoreBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * METRICS records as the metrics job would write them, and the same rows for the batch: ads of many
 * kinds in twelve categories, some without one, and amendments of the two newest windows.
 *
 * <p>Of every hundred ads one has its category for itself, five are silent after half an hour, five
 * come later, ten move to another category, ten are never clicked and ten are shown now and then.
 */
final class RowTraffic {

    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final String topic;
    private final int partitions;
    private final int ads;
    private final Instant start;
    private final ScoreBatch batch;
    private final Random random;
    private int window;

    /** Counts of the rows of the two newest windows, by ad. */
    private final long[][][] newest;

    RowTraffic(String topic, int partitions, int ads, Instant start, ScoreBatch batch, long seed) {
        this.topic = topic;
        this.partitions = partitions;
        this.ads = ads;
        this.start = start;
        this.batch = batch;
        this.random = new Random(seed);
        this.newest = new long[2][ads][];
    }

    /** End of the newest window. */
    Instant end() {
        return start.plus(WINDOW.multipliedBy(window));
    }

    /** The rows of the next windows, with amendments between them. */
    List<ProducerRecord<byte[], byte[]>> windows(int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nextWindow(records);
        }
        return records;
    }

    private void nextWindow(List<ProducerRecord<byte[], byte[]>> records) {
        window++;
        newest[0] = newest[1];
        newest[1] = new long[ads][];
        for (int ad = 0; ad < ads; ad++) {
            if (isShown(ad)) {
                newest[1][ad] = counts(ad);
                records.add(row(ad, end(), 1, newest[1][ad]));
            }
        }
        for (int amended = 0; amended < ads / 20; amended++) {
            int ad = random.nextInt(ads);
            int which = random.nextInt(2);
            long[] counts = newest[which][ad];
            if (counts != null) {
                counts[0] += 1 + random.nextInt(50);
                counts[1] += random.nextInt(5);
                records.add(row(ad, end().minus(WINDOW.multipliedBy(1 - which)), 2, counts));
            }
        }
    }

    private boolean isShown(int ad) {
        return switch (ad % 100 / 5) {
            case 0 -> window <= 6;
            case 1 -> window > 100;
            case 2, 3 -> random.nextInt(40) == 0;
            default -> random.nextInt(20) > 0;
        };
    }

    private long[] counts(int ad) {
        long impressions = 1L + random.nextInt(1 << (1 + ad % 11));
        double rate = 0.002 * (1 + ad % 40) * (window > 150 && ad % 7 == 0 ? 4 : 1);
        long clicks = ad % 100 / 10 == 3 ? 0 : part(impressions, rate);
        return new long[] {impressions, clicks, part(clicks, 0.02 * (ad % 10))};
    }

    private long part(long of, double rate) {
        double exact = of * Math.min(1, rate);
        return (long) exact + (random.nextDouble() < exact - (long) exact ? 1 : 0);
    }

    private @Nullable String category(int ad) {
        if (ad % 100 == 99) {
            return "alone-" + ad;
        }
        int moved = ad % 100 / 10 == 5 && window > 80 ? 1 + window / 80 : 0;
        int category = (ad + moved) % 13;
        return category == 12 ? null : "c" + category;
    }

    private ProducerRecord<byte[], byte[]> row(int ad, Instant end, int revision, long[] counts) {
        String id = "ad-" + ad;
        String category = category(ad);
        String key = "AD:" + id + ":5m:" + end.minus(WINDOW);
        int partition = Math.floorMod(key.hashCode(), partitions);
        batch.row(partition, id, category, end, revision, counts[0], counts[1], counts[2]);
        // Joined, not formatted: there are hundreds of thousands.
        return record(
                partition,
                key,
                "{\"schema_version\":1,\"type\":\"METRICS\",\"entity_type\":\"AD\",\"entity_id\":\""
                        + id
                        + "\",\"window\":\"5m\",\"campaign_id\":\"c\",\"advertiser_id\":\"a\",\"category\":"
                        + (category == null ? null : '"' + category + '"')
                        + ",\"window_start\":\""
                        + millis(end.minus(WINDOW))
                        + "\",\"window_end\":\""
                        + millis(end)
                        + "\",\"impressions\":"
                        + counts[0]
                        + ",\"clicks\":"
                        + counts[1]
                        + ",\"conversions\":"
                        + counts[2]
                        + ",\"total_cost\":1.5,\"total_revenue\":0,\"ctr\":0,\"cvr\":0,\"cpc\":0,\"revision\":"
                        + revision
                        + ",\"updated_at\":\"2026-11-20T10:00:00.000Z\"}");
    }

    /** Lets time reach the end of the newest window in every partition, by rows of a campaign. */
    List<ProducerRecord<byte[], byte[]>> time() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        Instant end = end().plus(MINUTE);
        for (int partition = 0; partition < partitions; partition++) {
            batch.row(partition, null, null, end, 1, 0, 0, 0);
            records.add(
                    record(
                            partition,
                            "CAMPAIGN:c:1m:" + end.minus(MINUTE),
                            """
                            {"schema_version":1,"type":"METRICS","entity_type":"CAMPAIGN","entity_id":"c","window":"1m","window_start":"%s","window_end":"%s","impressions":1,"clicks":0,"conversions":0,"total_cost":0,"total_revenue":0,"ctr":0,"cvr":0,"cpc":0,"revision":1,"updated_at":"2026-11-20T10:00:00.000Z"}"""
                                    .formatted(millis(end.minus(MINUTE)), millis(end))));
        }
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(int partition, String key, String value) {
        return new ProducerRecord<>(topic, partition, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static String millis(Instant time) {
        return time.toString().replace("Z", ".000Z");
    }
}
