package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/** Holds what the features job has left in Redis and Kafka against {@link ExpectedFeatures}. */
public final class FeaturesComparison {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OF_SESSIONS =
            List.of("session_features:", "ad_session_features:");

    private static final String INTEREST = "interest:";

    /** How many categories count as the top ones. */
    private static final int TOP = 5;

    /** Interests are floating point: the last decimal may be another one. */
    private static final BigDecimal TOLERANCE = new BigDecimal("0.000002");

    private final ExpectedFeatures features;

    private FeaturesComparison(ExpectedFeatures features) {
        this.features = features;
    }

    /** A comparison with what must be there. */
    public static FeaturesComparison with(ExpectedFeatures features) {
        return new FeaturesComparison(features);
    }

    /** Compares what Redis holds of users, apart from times to live. */
    public Comparison ofRedis(Jedis redis, Instant watermark) {
        return ofRedis(redis, watermark, features.sessions(watermark));
    }

    private Comparison ofRedis(
            Jedis redis, Instant watermark, Map<String, Map<String, String>> sessions) {
        Comparison comparison = new Comparison("Redis");
        exactly(comparison, redis, "user_features:", features.hours(watermark));
        for (String prefix : OF_SESSIONS) {
            exactly(comparison, redis, prefix, only(sessions, prefix));
        }
        Map<String, Map<String, String>> profiles = features.profiles();
        keys(comparison, redis, "user_profile:", profiles);
        profiles.forEach(
                (key, profile) -> compareProfile(comparison, key, profile, redis.hgetAll(key)));
        compareSignals(comparison, redis, watermark);
        return comparison;
    }

    /**
     * Compares what a Redis holds that came later than some keys lived: everything but the sessions
     * that had closed before that.
     *
     * @param gone what had closed by this watermark is not there
     * @param fading what closed this much later had little left to live, and may be gone by now
     */
    public Comparison ofLiveRedis(Jedis redis, Instant watermark, Instant gone, Duration fading) {
        Map<String, Map<String, String>> live = features.sessions(watermark);
        live.keySet().removeAll(features.sessions(gone).keySet());
        for (String key : features.sessions(gone.plus(fading)).keySet()) {
            if (!redis.exists(key)) {
                live.remove(key);
            }
        }
        return ofRedis(redis, watermark, live);
    }

    private static Map<String, Map<String, String>> only(
            Map<String, Map<String, String>> hashes, String prefix) {
        Map<String, Map<String, String>> some = new TreeMap<>(hashes);
        some.keySet().removeIf(key -> !key.startsWith(prefix));
        return some;
    }

    /** The keys of all users of whom something is said. */
    private TreeSet<String> found(Jedis redis, String prefix) {
        TreeSet<String> keys = new TreeSet<>(redis.keys(prefix + "*"));
        keys.removeIf(
                key -> {
                    String user = key.substring(prefix.length());
                    return features.isUncertain(
                            OF_SESSIONS.contains(prefix)
                                    ? user.substring(0, user.lastIndexOf(':'))
                                    : user);
                });
        return keys;
    }

    private void keys(
            Comparison comparison,
            Jedis redis,
            String prefix,
            Map<String, Map<String, String>> expected) {
        comparison.compared();
        comparison.check(prefix, "keys", new TreeSet<>(expected.keySet()), found(redis, prefix));
    }

    private void exactly(
            Comparison comparison,
            Jedis redis,
            String prefix,
            Map<String, Map<String, String>> expected) {
        keys(comparison, redis, prefix, expected);
        expected.forEach(
                (key, hash) -> {
                    comparison.compared();
                    comparison.check(key, "fields", hash, redis.hgetAll(key));
                });
    }

    private static void compareProfile(
            Comparison comparison,
            String where,
            Map<String, String> expected,
            Map<String, String> found) {
        comparison.compared();
        Map<String, String> rest = new HashMap<>(found);
        compareTop(comparison, where, expected, rest.remove("top_categories"));
        expected.forEach(
                (field, value) -> {
                    String other = rest.remove(field);
                    if (other == null) {
                        if (!value.equals("0")) {
                            comparison.differs(where + ": no " + field);
                        }
                    } else if (field.equals("updated_at")) {
                        comparison.check(where, field, value, other);
                    } else if (new BigDecimal(value)
                                    .subtract(new BigDecimal(other))
                                    .abs()
                                    .compareTo(TOLERANCE)
                            > 0) {
                        comparison.differs(
                                where + ": " + field + " expected " + value + ", found " + other);
                    }
                });
        if (!rest.isEmpty()) {
            comparison.differs(where + ": also holds " + rest);
        }
    }

    /** The greatest interests whose category is known, in their order. */
    private static void compareTop(
            Comparison comparison,
            String where,
            Map<String, String> expected,
            @Nullable String found) {
        Map<String, BigDecimal> known = new TreeMap<>();
        expected.forEach(
                (field, value) -> {
                    if (field.startsWith(INTEREST)
                            && !field.equals(INTEREST + "unknown")
                            && !value.equals("0")) {
                        known.put(field.substring(INTEREST.length()), new BigDecimal(value));
                    }
                });
        List<BigDecimal> values = new ArrayList<>();
        for (JsonNode category : read(found == null ? "[]" : found)) {
            values.add(known.getOrDefault(category.asText(), BigDecimal.ZERO));
        }
        List<BigDecimal> greatest =
                known.values().stream().sorted(Comparator.reverseOrder()).limit(TOP).toList();
        boolean same = greatest.size() == values.size();
        for (int i = 0; same && i < values.size(); i++) {
            same = greatest.get(i).subtract(values.get(i)).abs().compareTo(TOLERANCE) <= 0;
        }
        if (!same) {
            comparison.differs(where + ": top_categories " + found + " of " + known);
        }
    }

    private void compareSignals(Comparison comparison, Jedis redis, Instant watermark) {
        Map<String, TreeSet<String>> expected = new TreeMap<>();
        for (ExpectedSignal signal : features.signals()) {
            if (signal.inForce(watermark)) {
                expected.computeIfAbsent("retargeting:" + signal.userId(), key -> new TreeSet<>())
                        .add(
                                signal.signal()
                                        + " "
                                        + signal.product()
                                        + " "
                                        + ExpectedFeatures.text(signal.at()));
            }
        }
        comparison.compared();
        comparison.check("retargeting:", "keys", expected.keySet(), found(redis, "retargeting:"));
        expected.forEach(
                (key, signals) -> {
                    comparison.compared();
                    TreeSet<String> found = new TreeSet<>();
                    String stored = redis.hget(key, "signals");
                    for (JsonNode signal : read(stored == null ? "[]" : stored)) {
                        found.add(
                                signal.path("signal").asText()
                                        + " "
                                        + signal.path("product_id").asText()
                                        + " "
                                        + signal.path("at").asText());
                    }
                    comparison.check(key, "signals", signals, found);
                });
    }

    /**
     * Compares the records of {@code user-signals}: a PROFILE for each minute, each SIGNAL that has
     * begun and each CANCEL, once.
     *
     * @param watermark how far time has come; purchases that are ahead of it cancel too
     */
    public Comparison ofKafka(List<ConsumerRecord<byte[], byte[]>> records, Instant watermark) {
        Comparison comparison = new Comparison("user-signals");
        Map<String, Map<String, String>> minutes = features.minutes(watermark);
        TreeSet<String> expected = new TreeSet<>();
        for (ExpectedSignal signal : features.signals()) {
            if (signal.begunBy(watermark)) {
                String what = signal.userId() + " " + signal.signal() + " " + signal.product();
                expected.add(
                        "SIGNAL " + what + " until " + ExpectedFeatures.text(signal.expiresAt()));
                if (signal.cancelledAt() != null) {
                    expected.add("CANCEL of " + ExpectedFeatures.text(signal.at()) + " " + what);
                }
            }
        }
        Map<String, String> begun = new HashMap<>();
        TreeSet<String> found = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode json = read(new String(record.value(), UTF_8));
            String user = json.path("user_id").asText();
            if (features.isUncertain(user)) {
                continue;
            }
            comparison.compared();
            comparison.check(json, "key", user, new String(record.key(), UTF_8));
            if (json.path("type").asText().equals("PROFILE")) {
                compareMinute(comparison, minutes, json);
                continue;
            }
            String what =
                    user
                            + " "
                            + json.path("signal").asText()
                            + " "
                            + json.path("product_id").asText();
            String id = json.path("signal_id").asText();
            String line;
            if (json.path("type").asText().equals("SIGNAL")) {
                begun.put(id, json.path("at").asText());
                line = "SIGNAL " + what + " until " + json.path("expires_at").asText();
            } else {
                line = "CANCEL of " + begun.get(id) + " " + what;
            }
            if (!found.add(line)) {
                comparison.differs("twice: " + line);
            }
        }
        minutes.keySet().forEach(minute -> comparison.differs("no PROFILE of " + minute));
        for (String line : expected) {
            if (!found.remove(line)) {
                comparison.differs("missing: " + line);
            }
        }
        found.forEach(line -> comparison.differs("too much: " + line));
        return comparison;
    }

    private static void compareMinute(
            Comparison comparison, Map<String, Map<String, String>> minutes, JsonNode json) {
        String where = json.path("user_id").asText() + "@" + json.path("updated_at").asText();
        Map<String, String> expected = minutes.remove(where);
        if (expected == null) {
            comparison.differs("too much, or twice: PROFILE of " + where);
            return;
        }
        Map<String, String> found = new HashMap<>();
        json.properties().forEach(field -> found.put(field.getKey(), text(field.getValue())));
        found.keySet().removeAll(List.of("schema_version", "type", "user_id"));
        compareProfile(comparison, where, expected, found);
    }

    /** As in Redis, where a list is its JSON. */
    private static String text(JsonNode value) {
        return value.isArray() ? value.toString() : value.asText();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + json, e);
        }
    }
}
