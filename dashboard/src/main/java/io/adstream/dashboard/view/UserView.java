package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.RedisStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.resps.ScanResult;

/**
 * What the features job knows of one user. Sessions have their start in their keys, so they are
 * looked for among all keys, a part each second; what was found is shown meanwhile.
 */
final class UserView implements View {

    private static final Parameter USER = Parameter.required("user_id");

    private static final String SESSIONS = "session_features:";
    private static final String AD_SESSIONS = "ad_session_features:";
    private static final String INTEREST = "interest:";
    private static final int KEYS_PER_STEP = 2_000;

    /** Redis serves ad servers too: the search takes a small part of its time. */
    private static final Duration STEPS_TAKE = Duration.ofMillis(10);

    private static final Duration SEARCH_AGAIN = Duration.ofSeconds(30);
    private static final int MOST_SESSIONS = 50;

    private final RedisStore redis;

    UserView(RedisStore redis) {
        this.redis = redis;
    }

    /**
     * A closed session.
     *
     * @param start when it began
     * @param fields its hash without the user's id
     */
    record Session(Instant start, Map<String, String> fields) {}

    /**
     * What is shown; a hash that does not exist is null.
     *
     * @param features the hash {@code user_features:{user_id}}
     * @param profile the hash {@code user_profile:{user_id}} without interests
     * @param interests weights by category, the heaviest first
     * @param retargeting the hash {@code retargeting:{user_id}}
     * @param sessionsComplete whether all keys were looked through
     */
    record Data(
            String userId,
            @Nullable Map<String, String> features,
            @Nullable Map<String, String> profile,
            List<Map.Entry<String, BigDecimal>> interests,
            @Nullable Map<String, String> retargeting,
            List<Session> sessions,
            List<Session> adSessions,
            boolean sessionsComplete) {}

    @Override
    public String name() {
        return "user";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(USER);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofSeconds(1);
    }

    @Override
    public Loader open(Query query) {
        String user = query.text(USER.name());
        Search search = new Search(user);
        return () -> {
            List<Map<String, String>> hashes =
                    redis.hashes(
                            List.of(
                                    "user_features:" + user,
                                    "user_profile:" + user,
                                    "retargeting:" + user));
            search.goOn();
            List<Session> inShop = sessions(search.keys(SESSIONS));
            List<Session> withAds = sessions(search.keys(AD_SESSIONS));
            Map<String, String> profile = new TreeMap<>(hashes.get(1));
            profile.keySet().removeIf(field -> field.startsWith(INTEREST));
            Data data =
                    new Data(
                            user,
                            orNull(hashes.get(0)),
                            orNull(profile),
                            interests(hashes.get(1)),
                            orNull(hashes.get(2)),
                            inShop,
                            withAds,
                            search.complete);
            boolean empty =
                    hashes.stream().allMatch(Map::isEmpty) && inShop.isEmpty() && withAds.isEmpty();
            return Content.of(data, empty && data.sessionsComplete);
        };
    }

    private static @Nullable Map<String, String> orNull(Map<String, String> hash) {
        return hash.isEmpty() ? null : new TreeMap<>(hash);
    }

    private static List<Map.Entry<String, BigDecimal>> interests(Map<String, String> profile) {
        Map<String, BigDecimal> weights = new HashMap<>();
        profile.keySet().stream()
                .filter(field -> field.startsWith(INTEREST))
                .forEach(
                        field ->
                                weights.put(
                                        field.substring(INTEREST.length()),
                                        Counts.decimal(profile, field)));
        return weights.entrySet().stream()
                .sorted(
                        Map.Entry.<String, BigDecimal>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    private List<Session> sessions(Map<Instant, String> keys) {
        List<Map<String, String>> hashes = redis.hashes(List.copyOf(keys.values()));
        List<Session> sessions = new ArrayList<>();
        Iterator<Map<String, String>> hash = hashes.iterator();
        for (Instant start : keys.keySet()) {
            Map<String, String> fields = new TreeMap<>(hash.next());
            fields.remove("user_id");
            if (!fields.isEmpty()) {
                sessions.add(new Session(start, fields));
            }
        }
        return sessions;
    }

    /** Looks for the keys of a user's sessions, a part at each call. */
    private final class Search {

        private final String user;
        private final String pattern;
        private final Set<String> found = new TreeSet<>();
        private final Set<String> foundThisTime = new TreeSet<>();
        private String cursor = "0";
        private boolean complete;
        private long endedAt;

        Search(String user) {
            this.user = user;
            this.pattern = "*" + RedisStore.literally(SESSIONS + user + ":") + "*";
        }

        void goOn() {
            if (complete && System.nanoTime() - endedAt < SEARCH_AGAIN.toNanos()) {
                return;
            }
            long until = System.nanoTime() + STEPS_TAKE.toNanos();
            do {
                ScanResult<String> step = redis.scan(cursor, pattern, KEYS_PER_STEP);
                foundThisTime.addAll(step.getResult());
                found.addAll(step.getResult());
                cursor = step.getCursor();
                if (cursor.equals("0")) {
                    found.retainAll(foundThisTime);
                    foundThisTime.clear();
                    complete = true;
                    endedAt = System.nanoTime();
                    return;
                }
            } while (System.nanoTime() < until);
        }

        /** The newest keys of one kind, by the start of their session, the newest first. */
        Map<Instant, String> keys(String kind) {
            String prefix = kind + user + ":";
            TreeMap<Instant, String> keys = new TreeMap<>(Comparator.reverseOrder());
            for (String key : found) {
                Instant start =
                        key.startsWith(prefix) ? start(key.substring(prefix.length())) : null;
                if (start != null) {
                    keys.put(start, key);
                }
            }
            while (keys.size() > MOST_SESSIONS) {
                keys.pollLastEntry();
            }
            return keys;
        }

        /** Null where it is no time: of a key of another user, whose id begins alike. */
        private static @Nullable Instant start(String text) {
            try {
                return Instant.ofEpochMilli(Long.parseLong(text));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }
}
