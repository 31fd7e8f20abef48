package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
import redis.clients.jedis.Jedis;

/**
 * What the features job must have left for a set of actions, by looking at all of a user's actions
 * for each result.
 */
public final class ExpectedFeatures {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SLIDE = Duration.ofMinutes(10);
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Duration GAP = Duration.ofMinutes(10);
    private static final double HALF_LIFE_MILLIS = Duration.ofHours(24).toMillis();

    /** Interests are floating point: the last decimal may be another one. */
    private static final BigDecimal TOLERANCE = new BigDecimal("0.000002");

    /** A purchase is the last of what happens at one instant. */
    private static final Comparator<UserAction> IN_ORDER =
            Comparator.comparing(UserAction::time)
                    .thenComparing(action -> action.kind().equals("purchase"));

    private final Map<String, List<UserAction>> users = new TreeMap<>();

    /** What must be left by these actions, in any order. */
    public static ExpectedFeatures of(List<UserAction> actions) {
        return new ExpectedFeatures(actions);
    }

    ExpectedFeatures(List<UserAction> actions) {
        for (UserAction action : actions) {
            users.computeIfAbsent(action.userId(), user -> new ArrayList<>()).add(action);
        }
        users.values().forEach(all -> all.sort(IN_ORDER));
    }

    /** Users with any action. */
    public int users() {
        return users.size();
    }

    /** The hashes {@code user_features:*} when the watermark is there. */
    public Map<String, Map<String, String>> hours(Instant watermark) {
        Instant end = floor(watermark.plusMillis(1));
        Map<String, Map<String, String>> hashes = new TreeMap<>();
        users.forEach(
                (user, actions) -> {
                    int views = 0;
                    int carts = 0;
                    int purchases = 0;
                    List<BigDecimal> prices = new ArrayList<>();
                    for (UserAction action : actions) {
                        boolean inside =
                                !action.time().isBefore(end.minus(WINDOW))
                                        && action.time().isBefore(end);
                        if (!inside) {
                            continue;
                        }
                        switch (action.kind()) {
                            case "view" -> {
                                views++;
                                if (action.price() != null) {
                                    prices.add(action.price().setScale(6, RoundingMode.HALF_EVEN));
                                }
                            }
                            case "cart" -> carts++;
                            case "purchase" -> purchases++;
                            default -> {}
                        }
                    }
                    if (views + carts + purchases == 0) {
                        return;
                    }
                    BigDecimal sum = prices.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
                    BigDecimal average =
                            prices.isEmpty()
                                    ? BigDecimal.ZERO
                                    : sum.divide(
                                            BigDecimal.valueOf(prices.size()),
                                            6,
                                            RoundingMode.HALF_EVEN);
                    hashes.put(
                            "user_features:" + user,
                            Map.of(
                                    "user_id", user,
                                    "view_count_1h", Integer.toString(views),
                                    "cart_count_1h", Integer.toString(carts),
                                    "purchase_count_1h", Integer.toString(purchases),
                                    "avg_viewed_price_1h", plain(average),
                                    "window_end", text(end)));
                });
        return hashes;
    }

    private static Instant floor(Instant time) {
        return Instant.ofEpochMilli(
                Math.floorDiv(time.toEpochMilli(), SLIDE.toMillis()) * SLIDE.toMillis());
    }

    /** The hashes {@code session_features:*} and {@code ad_session_features:*} closed by then. */
    public Map<String, Map<String, String>> sessions(Instant watermark) {
        Map<String, Map<String, String>> hashes = new TreeMap<>();
        users.forEach(
                (user, actions) -> {
                    addSessions(user, actions, true, watermark, hashes);
                    addSessions(user, actions, false, watermark, hashes);
                });
        return hashes;
    }

    private static void addSessions(
            String user,
            List<UserAction> actions,
            boolean inShop,
            Instant watermark,
            Map<String, Map<String, String>> hashes) {
        List<UserAction> session = new ArrayList<>();
        for (UserAction action : actions) {
            if (action.inShop() != inShop) {
                continue;
            }
            if (!session.isEmpty() && action.time().isAfter(last(session).plus(GAP))) {
                addSession(user, session, inShop, watermark, hashes);
                session.clear();
            }
            session.add(action);
        }
        if (!session.isEmpty()) {
            addSession(user, session, inShop, watermark, hashes);
        }
    }

    private static Instant last(List<UserAction> session) {
        return session.get(session.size() - 1).time();
    }

    private static void addSession(
            String user,
            List<UserAction> session,
            boolean inShop,
            Instant watermark,
            Map<String, Map<String, String>> hashes) {
        Instant start = session.get(0).time();
        Instant end = last(session);
        if (end.plus(GAP).minusMillis(1).isAfter(watermark)) {
            return;
        }
        Map<String, String> hash = new HashMap<>();
        hash.put("user_id", user);
        hash.put("duration_seconds", Long.toString(Duration.between(start, end).toSeconds()));
        if (inShop) {
            hash.put("event_count", Integer.toString(session.size()));
            hash.put("session_start", text(start));
            hash.put("session_end", text(end));
        } else {
            hash.put("impressions", count(session, "IMPRESSION"));
            hash.put("clicks", count(session, "CLICK"));
            hash.put("conversions", count(session, "CONVERSION"));
        }
        hashes.put(
                (inShop ? "session_features:" : "ad_session_features:")
                        + user
                        + ":"
                        + start.toEpochMilli(),
                hash);
    }

    private static String count(List<UserAction> session, String kind) {
        return Long.toString(session.stream().filter(a -> a.kind().equals(kind)).count());
    }

    /** The fields of {@code user_profile:*}, as of the newest action that shows interest. */
    public Map<String, Map<String, String>> profiles() {
        Map<String, Map<String, String>> hashes = new TreeMap<>();
        users.forEach(
                (user, actions) -> {
                    List<UserAction> interesting =
                            actions.stream().filter(action -> action.weight() > 0).toList();
                    if (!interesting.isEmpty()) {
                        hashes.put("user_profile:" + user, profile(interesting));
                    }
                });
        return hashes;
    }

    /**
     * @param actions that show interest, in order of time
     */
    private static Map<String, String> profile(List<UserAction> actions) {
        Instant now = last(actions);
        Map<String, Double> interests = new TreeMap<>();
        for (UserAction action : actions) {
            double age = Duration.between(action.time(), now).toMillis();
            interests.merge(
                    action.category() == null ? "unknown" : action.category(),
                    action.weight() * Math.pow(2, -age / HALF_LIFE_MILLIS),
                    Double::sum);
        }
        Map<String, String> profile = new HashMap<>();
        double sum = 0;
        for (Map.Entry<String, Double> interest : interests.entrySet()) {
            sum += interest.getValue();
            profile.put("interest:" + interest.getKey(), decimal(interest.getValue()));
        }
        profile.put("engagement_score", decimal(100 * sum / (sum + 20)));
        profile.put("updated_at", text(now));
        return profile;
    }

    /** The PROFILE records by user and minute: one for each minute that ended by the watermark. */
    public Map<String, Map<String, String>> minutes(Instant watermark) {
        Map<String, Map<String, String>> records = new TreeMap<>();
        users.forEach(
                (user, actions) -> {
                    List<UserAction> interesting =
                            actions.stream().filter(action -> action.weight() > 0).toList();
                    TreeSet<Long> ends = new TreeSet<>();
                    interesting.forEach(a -> ends.add(a.time().toEpochMilli() / 60_000 + 1));
                    for (long end : ends) {
                        Instant until = Instant.ofEpochMilli(end * 60_000);
                        if (until.minusMillis(1).isAfter(watermark)) {
                            continue;
                        }
                        Map<String, String> profile =
                                profile(
                                        interesting.stream()
                                                .filter(a -> a.time().isBefore(until))
                                                .toList());
                        records.put(user + "@" + profile.get("updated_at"), profile);
                    }
                });
        return records;
    }

    /** Every signal that ever begins. */
    public List<ExpectedSignal> signals() {
        List<ExpectedSignal> signals = new ArrayList<>();
        users.forEach((user, actions) -> signals.addAll(ExpectedSignal.of(user, actions)));
        return signals;
    }

    /**
     * Compares what Redis holds of users, apart from what is not exact: times to live and the order
     * of top categories.
     */
    public Comparison compareWithRedis(Jedis redis, Instant watermark) {
        return compareWithRedis(redis, watermark, sessions(watermark));
    }

    private Comparison compareWithRedis(
            Jedis redis, Instant watermark, Map<String, Map<String, String>> sessions) {
        Comparison comparison = new Comparison("Redis");
        exactly(comparison, redis, "user_features:", hours(watermark));
        exactly(comparison, redis, "session_features:", only(sessions, "session_features:"));
        exactly(comparison, redis, "ad_session_features:", only(sessions, "ad_session_features:"));
        Map<String, Map<String, String>> profiles = profiles();
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
    public Comparison compareLiveWithRedis(
            Jedis redis, Instant watermark, Instant gone, Duration fading) {
        Map<String, Map<String, String>> live = sessions(watermark);
        live.keySet().removeAll(sessions(gone).keySet());
        for (String key : sessions(gone.plus(fading)).keySet()) {
            if (!redis.exists(key)) {
                live.remove(key);
            }
        }
        return compareWithRedis(redis, watermark, live);
    }

    private static Map<String, Map<String, String>> only(
            Map<String, Map<String, String>> hashes, String prefix) {
        Map<String, Map<String, String>> some = new TreeMap<>(hashes);
        some.keySet().removeIf(key -> !key.startsWith(prefix));
        return some;
    }

    private static void keys(
            Comparison comparison,
            Jedis redis,
            String prefix,
            Map<String, Map<String, String>> expected) {
        comparison.compared();
        comparison.check(
                prefix,
                "keys",
                new TreeSet<>(expected.keySet()),
                new TreeSet<>(redis.keys(prefix + "*")));
    }

    private static void exactly(
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
        rest.remove("top_categories");
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

    private void compareSignals(Comparison comparison, Jedis redis, Instant watermark) {
        Map<String, TreeSet<String>> expected = new TreeMap<>();
        for (ExpectedSignal signal : signals()) {
            if (signal.inForce(watermark)) {
                expected.computeIfAbsent("retargeting:" + signal.userId(), key -> new TreeSet<>())
                        .add(signal.signal() + " " + signal.product() + " " + text(signal.at()));
            }
        }
        comparison.compared();
        comparison.check(
                "retargeting:",
                "keys",
                expected.keySet(),
                new TreeSet<>(redis.keys("retargeting:*")));
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
    public Comparison compareWithKafka(
            List<ConsumerRecord<byte[], byte[]>> records, Instant watermark) {
        Comparison comparison = new Comparison("user-signals");
        Map<String, Map<String, String>> minutes = minutes(watermark);
        TreeSet<String> expected = new TreeSet<>();
        for (ExpectedSignal signal : signals()) {
            if (signal.begunBy(watermark)) {
                String what = signal.userId() + " " + signal.signal() + " " + signal.product();
                expected.add("SIGNAL " + what + " until " + text(signal.expiresAt()));
                if (signal.cancelledAt() != null) {
                    expected.add("CANCEL of " + text(signal.at()) + " " + what);
                }
            }
        }
        Map<String, String> begun = new HashMap<>();
        TreeSet<String> found = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode json = read(new String(record.value(), UTF_8));
            comparison.compared();
            String user = json.path("user_id").asText();
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
        json.properties().forEach(field -> found.put(field.getKey(), field.getValue().asText()));
        found.keySet().removeAll(List.of("schema_version", "type", "user_id"));
        compareProfile(comparison, where, expected, found);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + json, e);
        }
    }

    private static String decimal(double value) {
        return plain(new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    private static String text(Instant time) {
        String text = time.toString();
        return text.contains(".") ? text : text.substring(0, text.length() - 1) + ".000Z";
    }
}
