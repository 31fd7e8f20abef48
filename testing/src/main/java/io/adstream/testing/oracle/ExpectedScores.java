package io.adstream.testing.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redis.clients.jedis.Jedis;

/** Quality scores that must be found: every record, and the newest in Redis and PostgreSQL. */
public final class ExpectedScores {

    private static final double TOLERANCE = 1e-9;
    private static final double STORED_TOLERANCE = 0.5e-4 + TOLERANCE;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, List<ExpectedScore>> byAd = new TreeMap<>();

    private ExpectedScores() {}

    /** Of all scores that are published, those of an ad in order. */
    public static ExpectedScores of(List<ExpectedScore> scores) {
        ExpectedScores expected = new ExpectedScores();
        scores.forEach(
                score ->
                        expected.byAd
                                .computeIfAbsent(score.adId(), any -> new ArrayList<>())
                                .add(score));
        return expected;
    }

    /** The records of topic {@code quality-score-updates}; those of other types are left out. */
    public Comparison compareWithKafka(List<ConsumerRecord<byte[], byte[]>> records) {
        Comparison comparison = new Comparison("SCORE records");
        Map<String, Integer> found = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode json = json(record);
            if (!json.path("type").asText().equals("SCORE")) {
                continue;
            }
            String ad = json.get("ad_id").asText();
            int place = found.merge(ad, 1, Integer::sum);
            List<ExpectedScore> scores = byAd.getOrDefault(ad, List.of());
            if (place > scores.size()) {
                comparison.differs(ad + ": one too many: " + json);
            } else {
                compare(comparison, scores.get(place - 1), json);
            }
        }
        byAd.forEach(
                (ad, scores) -> {
                    int count = found.getOrDefault(ad, 0);
                    if (count < scores.size()) {
                        comparison.differs(ad + ": missing from " + scores.get(count) + " on");
                    }
                });
        return comparison;
    }

    private static void compare(Comparison comparison, ExpectedScore expected, JsonNode json) {
        comparison.compared();
        String where = expected.adId() + " at " + expected.at();
        comparison.check(where, "at", expected.at(), Instant.parse(json.get("at").asText()));
        comparison.check(where, "revision", expected.revision(), json.get("revision").asInt());
        comparison.check(where, "category", expected.category(), json.get("category").asText());
        comparison.check(where, "rank", expected.rank(), json.get("category_rank").asInt());
        comparison.check(where, "size", expected.size(), json.get("category_size").asInt());
        near(comparison, where, "raw", expected.raw(), json.get("raw").asDouble());
        near(comparison, where, "previous", expected.previous(), json.get("previous").asDouble());
        near(comparison, where, "base_score", expected.base(), json.get("base_score").asDouble());
        near(comparison, where, "score", expected.score(), json.get("score").asDouble());
        near(
                comparison,
                where,
                "penalty",
                expected.penalty(),
                json.get("components").get("penalty_points").asDouble());
    }

    private static void near(
            Comparison comparison, String where, String field, double expected, double found) {
        if (!(Math.abs(expected - found) <= TOLERANCE)) {
            comparison.differs(where + ": " + field + " expected " + expected + ", found " + found);
        }
    }

    /** Table {@code quality.scores}. */
    public Comparison compareWithPostgres(Connection connection) throws SQLException {
        Comparison comparison = new Comparison("quality.scores");
        Map<String, ExpectedScore> missing = newest();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select * from quality.scores")) {
            while (row.next()) {
                comparison.compared();
                String ad = row.getString("ad_id");
                ExpectedScore expected = missing.remove(ad);
                if (expected == null) {
                    comparison.differs(ad + ": a row too many");
                    continue;
                }
                comparison.check(ad, "category", expected.category(), row.getString("category"));
                comparison.check(ad, "rank", expected.rank(), row.getInt("category_rank"));
                comparison.check(ad, "size", expected.size(), row.getInt("category_size"));
                comparison.check(ad, "revision", expected.revision(), row.getInt("revision"));
                near(comparison, ad, "base", expected.base(), row.getDouble("base_score"));
                near(comparison, ad, "raw", expected.raw(), row.getDouble("raw"));
                if (Math.abs(expected.score() - row.getDouble("score")) > STORED_TOLERANCE) {
                    comparison.differs(
                            ad
                                    + ": score "
                                    + expected.score()
                                    + ", found "
                                    + row.getString("score"));
                }
            }
        }
        missing.keySet().forEach(ad -> comparison.differs(ad + ": no row"));
        return comparison;
    }

    /**
     * The hashes {@code ad:{id}:quality_score}.
     *
     * @param present the ads that have one
     */
    public Comparison compareWithRedis(Jedis client, Iterable<String> present) {
        Comparison comparison = new Comparison("quality_score hashes");
        Map<String, ExpectedScore> newest = newest();
        int count = 0;
        for (String ad : present) {
            count++;
            comparison.compared();
            ExpectedScore expected = newest.get(ad);
            Map<String, String> hash = client.hgetAll("ad:" + ad + ":quality_score");
            if (hash.isEmpty()) {
                comparison.differs(ad + ": no hash");
                continue;
            }
            comparison.check(ad, "fields", 9, hash.size());
            comparison.check(
                    ad, "revision", String.valueOf(expected.revision()), hash.get("revision"));
            comparison.check(ad, "category", expected.category(), hash.get("category"));
            comparison.check(
                    ad, "rank", String.valueOf(expected.rank()), hash.get("category_rank"));
            comparison.check(
                    ad, "size", String.valueOf(expected.size()), hash.get("category_size"));
            comparison.check(
                    ad, "updated_at", expected.at(), Instant.parse(hash.get("updated_at")));
            near(comparison, ad, "score", expected.score(), number(hash, "score"));
            near(comparison, ad, "base", expected.base(), number(hash, "base_score"));
            near(comparison, ad, "previous", expected.previous(), number(hash, "previous"));
            near(comparison, ad, "raw", expected.raw(), number(hash, "raw"));
        }
        int keys = client.keys("ad:*:quality_score").size();
        if (keys != count) {
            comparison.differs(keys + " keys, not " + count);
        }
        return comparison;
    }

    private static double number(Map<String, String> hash, String field) {
        return Double.parseDouble(hash.get(field));
    }

    private Map<String, ExpectedScore> newest() {
        Map<String, ExpectedScore> newest = new HashMap<>();
        byAd.forEach((ad, scores) -> newest.put(ad, scores.get(scores.size() - 1)));
        return newest;
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return MAPPER.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
