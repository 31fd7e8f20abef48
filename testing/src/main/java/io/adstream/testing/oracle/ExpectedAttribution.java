package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redis.clients.jedis.Jedis;

/** What an {@link AttributionBatch} says must come out, and how that compares with what did. */
public final class ExpectedAttribution {

    private static final String KEY = "attribution:";

    private final SortedMap<String, AttributionResult> results;
    private final List<AdEvent> clicks;

    ExpectedAttribution(Map<String, AttributionResult> results, List<AdEvent> clicks) {
        this.results = Collections.unmodifiableSortedMap(new TreeMap<>(results));
        this.clicks = List.copyOf(clicks);
    }

    /** The results by the id of the conversion. */
    public SortedMap<String, AttributionResult> results() {
        return results;
    }

    /** Compares results with those here: each conversion exactly once, every field equal. */
    public Comparison compare(Collection<AttributionResult> found) {
        Comparison comparison = new Comparison("attribution results");
        Set<String> seen = new HashSet<>();
        for (AttributionResult result : found) {
            comparison.compared();
            if (!seen.add(result.conversionId())) {
                comparison.differs(result.conversionId() + ": a second result: " + result);
            }
            AttributionResult expected = results.get(result.conversionId());
            if (!result.equals(expected)) {
                comparison.differs(
                        result.conversionId() + ": expected " + expected + ", found " + result);
            }
            checkSums(result, comparison);
        }
        for (String id : results.keySet()) {
            if (!seen.contains(id)) {
                comparison.differs(id + ": no result, expected " + results.get(id));
            }
        }
        return comparison;
    }

    /** Credits sum to a million, values to the conversion's value, whatever was expected. */
    private static void checkSums(AttributionResult result, Comparison comparison) {
        if (result.path().isEmpty()) {
            return;
        }
        for (String model : AttributionCredits.MODELS) {
            int credits = 0;
            BigDecimal values = BigDecimal.ZERO;
            for (AttributedTouch touch : result.path()) {
                credits += touch.credits().get(model);
                values = values.add(touch.values().get(model));
            }
            if (credits != 1_000_000 || values.compareTo(result.value()) != 0) {
                comparison.differs(
                        result.conversionId()
                                + ": "
                                + model
                                + " sums to "
                                + credits
                                + " "
                                + values);
            }
        }
    }

    /** Compares the ATTRIBUTION records of a topic with the results here. */
    public Comparison compareWithKafka(List<ConsumerRecord<byte[], byte[]>> records) {
        List<AttributionResult> found =
                records.stream()
                        .filter(r -> new String(r.key(), UTF_8).startsWith(KEY))
                        .map(r -> AttributionResult.of(r.value()))
                        .toList();
        Comparison comparison = compare(found);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String key = new String(record.key(), UTF_8);
            if (key.startsWith(KEY)) {
                comparison.check(
                        key, "key", KEY + AttributionResult.of(record.value()).conversionId(), key);
            }
        }
        return comparison;
    }

    /** Compares {@code attribution.conversions} with the results here. */
    public Comparison compareConversions(Connection connection) throws SQLException {
        Comparison comparison = new Comparison("attribution.conversions");
        Set<String> seen = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select * from attribution.conversions")) {
            while (rows.next()) {
                comparison.compared();
                String id = rows.getString("conversion_id");
                seen.add(id);
                AttributionResult expected = results.get(id);
                if (expected == null) {
                    comparison.differs(id + ": not expected");
                    continue;
                }
                comparison.check(id, "row", row(expected), row(rows));
            }
        }
        results.keySet().stream()
                .filter(id -> !seen.contains(id))
                .forEach(id -> comparison.differs(id + ": no row"));
        return comparison;
    }

    private static Map<String, String> row(AttributionResult result) {
        Map<String, String> row = new TreeMap<>();
        row.put("revision", String.valueOf(result.revision()));
        row.put("status", result.status());
        row.put("reason", String.valueOf(result.reason()));
        row.put("match", String.valueOf(result.match()));
        row.put("click_id", String.valueOf(result.clickId()));
        row.put("ad_id", String.valueOf(result.adId()));
        row.put("campaign_id", String.valueOf(result.campaignId()));
        row.put("advertiser_id", String.valueOf(result.advertiserId()));
        row.put("click_time", String.valueOf(result.clickTime()));
        row.put("conversion_time", String.valueOf(result.conversionTime()));
        row.put("lag_ms", String.valueOf(result.lagMs()));
        row.put("value", result.value().toPlainString());
        row.put("touches", String.valueOf(result.path().size()));
        return row;
    }

    private static Map<String, String> row(ResultSet rows) throws SQLException {
        Map<String, String> row = new TreeMap<>();
        for (String column :
                List.of(
                        "revision",
                        "status",
                        "reason",
                        "match",
                        "click_id",
                        "ad_id",
                        "campaign_id",
                        "advertiser_id",
                        "lag_ms",
                        "touches")) {
            row.put(column, String.valueOf(rows.getString(column)));
        }
        for (String column : List.of("click_time", "conversion_time")) {
            var time = rows.getTimestamp(column);
            row.put(column, time == null ? "null" : time.toInstant().toString());
        }
        row.put("value", AttributionResult.plain(rows.getBigDecimal("value")).toPlainString());
        return row;
    }

    /** Compares {@code attribution.credits} with the results here. */
    public Comparison compareCredits(Connection connection) throws SQLException {
        Comparison comparison = new Comparison("attribution.credits");
        Map<String, String> expected = new TreeMap<>();
        for (AttributionResult result : results.values()) {
            for (AttributedTouch touch : result.path()) {
                touch.credits()
                        .forEach(
                                (model, credit) -> {
                                    if (credit > 0) {
                                        expected.put(
                                                result.conversionId()
                                                        + " "
                                                        + model
                                                        + " "
                                                        + touch.clickId(),
                                                credit(touch, model, credit));
                                    }
                                });
            }
        }
        Map<String, String> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select * from attribution.credits")) {
            while (rows.next()) {
                comparison.compared();
                found.put(
                        rows.getString("conversion_id")
                                + " "
                                + rows.getString("model")
                                + " "
                                + rows.getString("click_id"),
                        String.join(
                                " ",
                                rows.getString("ad_id"),
                                rows.getString("campaign_id"),
                                rows.getString("advertiser_id"),
                                rows.getString("credit_millionths"),
                                AttributionResult.plain(rows.getBigDecimal("value"))
                                        .toPlainString()));
            }
        }
        expected.forEach(
                (key, row) -> comparison.check(key, "row", row, found.getOrDefault(key, "none")));
        found.keySet().stream()
                .filter(key -> !expected.containsKey(key))
                .forEach(key -> comparison.differs(key + ": not expected"));
        return comparison;
    }

    private static String credit(AttributedTouch touch, String model, int credit) {
        return String.join(
                " ",
                touch.adId(),
                touch.campaignId(),
                touch.advertiserId(),
                String.valueOf(credit),
                touch.values().get(model).toPlainString());
    }

    /** The hashes {@code ad:{id}:attribution} once the watermark has come to an instant. */
    public SortedMap<String, Map<String, String>> hashes(Instant watermark) {
        Instant end = watermark.plusMillis(1).truncatedTo(ChronoUnit.MINUTES);
        Instant start = end.minus(Duration.ofHours(1));
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, BigDecimal> values = new TreeMap<>();
        for (AdEvent click : clicks) {
            if (isWithin(click.eventTime(), start, end)) {
                counts.computeIfAbsent(click.adId(), ad -> new long[2])[0]++;
            }
        }
        for (AttributionResult result : results.values()) {
            if (result.adId() != null && isWithin(result.conversionTime(), start, end)) {
                counts.computeIfAbsent(result.adId(), ad -> new long[2])[1]++;
                values.merge(result.adId(), result.value(), BigDecimal::add);
            }
        }
        SortedMap<String, Map<String, String>> hashes = new TreeMap<>();
        counts.forEach(
                (ad, count) -> {
                    Map<String, String> hash = new TreeMap<>();
                    hash.put("clicks", String.valueOf(count[0]));
                    hash.put("attributed_conversions", String.valueOf(count[1]));
                    hash.put(
                            "attributed_value",
                            AttributionResult.plain(values.getOrDefault(ad, BigDecimal.ZERO))
                                    .toPlainString());
                    hash.put("cvr", rate(count[1], count[0]));
                    hash.put("updated_at", end.toString().replace("Z", ".000Z"));
                    hashes.put("ad:" + ad + ":attribution", hash);
                });
        return hashes;
    }

    private static boolean isWithin(Instant time, Instant start, Instant end) {
        return !time.isBefore(start) && time.isBefore(end);
    }

    private static String rate(long conversions, long clicks) {
        if (clicks == 0) {
            return "0";
        }
        BigDecimal rate =
                new BigDecimal(conversions * 100)
                        .divide(new BigDecimal(clicks), new MathContext(40))
                        .setScale(6, RoundingMode.HALF_EVEN);
        return AttributionResult.plain(rate).toPlainString();
    }

    /** Compares the hashes of Redis with those at an instant: no other, no field too many. */
    public Comparison compareWithRedis(Jedis redis, Instant watermark) {
        Comparison comparison = new Comparison("Redis hashes of attribution");
        Map<String, Map<String, String>> expected = hashes(watermark);
        Set<String> keys = new HashSet<>(redis.keys("ad:*:attribution"));
        expected.forEach(
                (key, hash) -> {
                    comparison.compared();
                    keys.remove(key);
                    comparison.check(key, "hash", hash, new TreeMap<>(redis.hgetAll(key)));
                });
        keys.forEach(key -> comparison.differs(key + ": not expected"));
        return comparison;
    }
}
