package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the features job must have left for a set of actions, by looking at all of a user's actions
 * for each result.
 */
public final class ExpectedFeatures {

    private static final Duration SLIDE = Duration.ofMinutes(10);
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final Duration GAP = Duration.ofMinutes(10);
    private static final double HALF_LIFE_MILLIS = Duration.ofHours(24).toMillis();

    /** A purchase is the last of what happens at one instant. */
    private static final Comparator<UserAction> IN_ORDER =
            Comparator.comparing(UserAction::time)
                    .thenComparing(action -> action.kind().equals("purchase"));

    private final Map<String, List<UserAction>> users = new TreeMap<>();
    private final Set<String> uncertain;

    /** What must be left by these actions, in any order. */
    public static ExpectedFeatures of(List<UserAction> actions) {
        return new ExpectedFeatures(actions, Set.of());
    }

    /**
     * @param uncertain users of whom the order of arrival decides, which is not known here: nothing
     *     is said of them
     */
    ExpectedFeatures(List<UserAction> actions, Set<String> uncertain) {
        this.uncertain = Set.copyOf(uncertain);
        for (UserAction action : actions) {
            if (isUncertain(action.userId())) {
                continue;
            }
            users.computeIfAbsent(action.userId(), user -> new ArrayList<>()).add(action);
        }
        users.values().forEach(all -> all.sort(IN_ORDER));
    }

    /** Whether nothing is said of a user. */
    boolean isUncertain(String userId) {
        return uncertain.contains(userId);
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

    private static String decimal(double value) {
        return plain(new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN));
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    static String text(Instant time) {
        String text = time.toString();
        return text.contains(".") ? text : text.substring(0, text.length() - 1) + ".000Z";
    }
}
