package io.adstream.features.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import io.adstream.features.event.UserEvent;
import io.adstream.features.event.UserEvent.Kind;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.RetargetingRow;
import io.adstream.features.retarget.Signal;
import io.adstream.features.retarget.SignalNotice;
import io.adstream.features.session.SessionRow;
import io.adstream.testing.oracle.ExpectedFeatures;
import io.adstream.testing.oracle.ExpectedSignal;
import io.adstream.testing.oracle.UserAction;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random actions in random order of arrival, with losses, replays and rescales in between, leave
 * what a look at all of them says: each value, and each record exactly once.
 */
class TrackUsersRandomTest {

    private static final int USERS = 60;
    private static final int ACTIONS = 12_000;
    private static final int DISORDER = 10_000;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final String[] CATEGORIES = {"shoes", "bags", "books", null};
    private static final Kind[] KINDS = {
        Kind.VIEW,
        Kind.VIEW,
        Kind.VIEW,
        Kind.VIEW,
        Kind.CART,
        Kind.PURCHASE,
        Kind.IMPRESSION,
        Kind.IMPRESSION,
        Kind.CLICK,
        Kind.CONVERSION
    };

    /** What a store holds: the latest row of each key. */
    private final Map<String, Map<String, String>> hours = new TreeMap<>();

    private final Map<String, Map<String, String>> sessions = new TreeMap<>();
    private final Map<String, Map<String, String>> profiles = new TreeMap<>();
    private final Map<String, TreeSet<String>> retargeting = new TreeMap<>();

    /** What was sent since the latest checkpoint, and what a checkpoint has made visible. */
    private final List<String> sent = new ArrayList<>();

    private final List<String> visible = new ArrayList<>();
    private final Map<String, Map<String, String>> minutes = new HashMap<>();

    /** An action on its way. */
    private record OnItsWay(UserEvent event, long arrival) {}

    @ParameterizedTest
    @CsvSource({"HASHMAP, 1, 7", "HASHMAP, 2, 1000", "ROCKSDB, 3, 10"})
    void leavesWhatALookAtAllActionsSays(UserSubtasks.Backend backend, long seed, int usersOnHeap)
            throws Exception {
        Random random = new Random(seed);
        List<OnItsWay> all = actions(random);
        UserSubtasks users = UserSubtasks.start(backend, usersOnHeap);
        UserSubtasks.Snapshot snapshot = users.snapshot();
        int snapshotAt = 0;
        long newest = Long.MIN_VALUE;
        int losses = 0;
        for (int i = 0; i < all.size(); i++) {
            UserEvent event = all.get(i).event;
            users.add(event);
            newest = Math.max(newest, event.time());
            if (random.nextInt(30) == 0) {
                users.watermark(newest - DISORDER - 1);
            }
            if (random.nextInt(50) == 0) {
                users.skip(Duration.ofSeconds(2));
            }
            take(users);
            if (random.nextInt(400) == 0) {
                snapshot = users.snapshot();
                take(users);
                snapshotAt = i + 1;
                visible.addAll(sent);
                sent.clear();
            } else if (random.nextInt(600) == 0) {
                losses++;
                users.close();
                users = UserSubtasks.restore(snapshot, backend, usersOnHeap, 1 + random.nextInt(4));
                sent.clear();
                i = snapshotAt - 1;
                newest = Long.MIN_VALUE; // watermarks are not restored
            }
        }
        long end = newest + Duration.ofMinutes(25).toMillis();
        users.watermark(end);
        users.snapshot();
        take(users);
        visible.addAll(sent);
        users.close();

        assertThat(losses).isGreaterThan(5);
        compare(ExpectedFeatures.of(all.stream().map(TrackUsersRandomTest::action).toList()), end);
    }

    private void compare(ExpectedFeatures expected, long end) {
        Instant watermark = Instant.ofEpochMilli(end);
        assertThat(hours).isEqualTo(expected.hours(watermark)).hasSizeGreaterThan(USERS / 2);
        assertThat(sessions).isEqualTo(expected.sessions(watermark)).hasSizeGreaterThan(USERS);
        compareProfiles(profiles, expected.profiles());
        compareProfiles(minutes, expected.minutes(watermark));
        Map<String, TreeSet<String>> inForce = new TreeMap<>();
        List<String> records = new ArrayList<>();
        for (ExpectedSignal signal : expected.signals()) {
            String name =
                    signal.userId()
                            + " "
                            + signal.signal()
                            + " "
                            + signal.product()
                            + " at "
                            + signal.at();
            if (signal.inForce(watermark)) {
                inForce.computeIfAbsent(signal.userId(), user -> new TreeSet<>()).add(name);
            }
            if (signal.begunBy(watermark)) {
                records.add("SIGNAL " + name);
                if (signal.cancelledAt() != null) {
                    records.add("CANCEL " + name);
                }
            }
        }
        expected.minutes(watermark).keySet().forEach(minute -> records.add("PROFILE " + minute));
        assertThat(records)
                .filteredOn(record -> record.startsWith("CANCEL"))
                .hasSizeGreaterThan(50);
        assertThat(retargeting).isEqualTo(inForce);
        assertThat(visible).containsExactlyInAnyOrderElementsOf(records);
    }

    private static void compareProfiles(
            Map<String, Map<String, String>> found, Map<String, Map<String, String>> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (key, profile) ->
                        profile.forEach(
                                (field, value) -> {
                                    String other = found.get(key).getOrDefault(field, "0");
                                    if (field.equals("updated_at")) {
                                        assertThat(other).as(key).isEqualTo(value);
                                    } else {
                                        assertThat(new BigDecimal(other))
                                                .as(key + " " + field)
                                                .isCloseTo(
                                                        new BigDecimal(value),
                                                        Offset.offset(new BigDecimal("0.000002")));
                                    }
                                }));
    }

    private static List<OnItsWay> actions(Random random) {
        List<OnItsWay> all = new ArrayList<>();
        long[] times = new long[USERS];
        for (int user = 0; user < USERS; user++) {
            times[user] = START.toEpochMilli() + random.nextInt(3_600_000);
        }
        for (int i = 0; i < ACTIONS; i++) {
            int user = 0; // who has not done anything for longest
            for (int other = 1; other < USERS; other++) {
                user = times[other] < times[user] ? other : user;
            }
            times[user] += gap(random);
            boolean bare = user % 5 == 0;
            Kind kind = KINDS[random.nextInt(KINDS.length)];
            UserEvent event =
                    new UserEvent(
                            "u-" + user,
                            kind,
                            times[user],
                            0,
                            kind == Kind.VIEW && random.nextInt(5) != 0
                                    ? random.nextInt(90_000_000)
                                    : UserEvent.NO_PRICE,
                            bare ? null : CATEGORIES[random.nextInt(CATEGORIES.length)],
                            bare || !kind.inShop() ? null : "p-" + random.nextInt(6),
                            false);
            all.add(new OnItsWay(event, times[user] + random.nextInt(DISORDER)));
        }
        all.sort(Comparator.comparingLong(OnItsWay::arrival));
        return all;
    }

    private static long gap(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> 600_000;
            case 1 -> 600_001;
            case 2 -> 1_800_000 + random.nextInt(3);
            case 3 -> 0;
            default -> random.nextInt(400_000);
        };
    }

    private static UserAction action(OnItsWay one) {
        UserEvent event = one.event;
        return new UserAction(
                event.userId(),
                event.kind().inShop()
                        ? event.kind().name().toLowerCase(Locale.ROOT)
                        : event.kind().name(),
                Instant.ofEpochMilli(event.time()),
                event.price() == UserEvent.NO_PRICE ? null : Micros.toDecimal(event.price()),
                event.category(),
                event.product());
    }

    private void take(UserSubtasks users) {
        for (UserFeatures row : users.hours()) {
            if (!row.newest()) {
                continue;
            }
            if (row.isEmpty()) {
                hours.remove("user_features:" + row.userId());
            } else {
                hours.put(
                        "user_features:" + row.userId(),
                        Map.of(
                                "user_id", row.userId(),
                                "view_count_1h", Integer.toString(row.views()),
                                "cart_count_1h", Integer.toString(row.carts()),
                                "purchase_count_1h", Integer.toString(row.purchases()),
                                "avg_viewed_price_1h", Micros.format(row.averagePrice()),
                                "window_end", EventTimes.format(row.windowEnd())));
            }
        }
        users.sessions().forEach(this::take);
        for (ProfileRow row : users.profiles()) {
            profiles.put("user_profile:" + row.userId(), fields(row));
        }
        for (ProfileRow row : users.minutes()) {
            Map<String, String> fields = fields(row);
            String minute = row.userId() + "@" + fields.get("updated_at");
            sent.add("PROFILE " + minute);
            minutes.put(minute, fields);
        }
        for (SignalNotice notice : users.signals()) {
            sent.add((notice.cancelled() ? "CANCEL " : "SIGNAL ") + name(notice.signal()));
        }
        for (RetargetingRow row : users.retargeting()) {
            TreeSet<String> names = new TreeSet<>();
            row.signals().forEach(signal -> names.add(name(signal)));
            if (names.isEmpty()) {
                retargeting.remove(row.userId());
            } else {
                retargeting.put(row.userId(), names);
            }
        }
    }

    private static String name(Signal signal) {
        return signal.userId()
                + " "
                + signal.type()
                + " "
                + signal.product()
                + " at "
                + Instant.ofEpochMilli(signal.at());
    }

    private void take(SessionRow row) {
        String key =
                (row.inShop() ? "session_features:" : "ad_session_features:")
                        + row.userId()
                        + ":"
                        + row.start();
        if (row.removed()) {
            sessions.remove(key);
            return;
        }
        Map<String, String> fields = new HashMap<>();
        fields.put("user_id", row.userId());
        fields.put("duration_seconds", Long.toString(row.durationSeconds()));
        if (row.inShop()) {
            fields.put("event_count", Long.toString(row.events()));
            fields.put("session_start", EventTimes.format(row.start()));
            fields.put("session_end", EventTimes.format(row.end()));
        } else {
            fields.put("impressions", Integer.toString(row.first()));
            fields.put("clicks", Integer.toString(row.second()));
            fields.put("conversions", Integer.toString(row.third()));
        }
        sessions.put(key, fields);
    }

    private static Map<String, String> fields(ProfileRow row) {
        Map<String, String> fields = new HashMap<>();
        for (ProfileRow.Interest interest : row.interests()) {
            fields.put("interest:" + interest.category(), Micros.format(interest.value()));
        }
        fields.put("engagement_score", Micros.format(row.engagementScore()));
        fields.put("updated_at", EventTimes.format(row.updatedAt()));
        return fields;
    }
}
