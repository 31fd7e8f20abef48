package io.adstream.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.features.hour.UserFeatures;
import io.adstream.features.hour.UserFeaturesHash;
import io.adstream.features.profile.Interests;
import io.adstream.features.profile.ProfileHash;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.RetargetingHash;
import io.adstream.features.retarget.RetargetingRow;
import io.adstream.features.retarget.Signal;
import io.adstream.features.retarget.SignalType;
import io.adstream.features.session.SessionHash;
import io.adstream.features.session.SessionRow;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

/** What a server does with the scripts: an older write never wins, and keys go when they should. */
@ExtendWith(ServicesExtension.class)
class HashesITCase {

    private static final long TEN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
    private static final long SLIDE = 600_000;
    private static final long LIFE = Duration.ofHours(2).toMillis();

    private Jedis redis;

    @BeforeEach
    void connect(RedisServer server) {
        server.flush();
        redis = server.connect();
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    /** Whether the server did what each of the row's writes asked. */
    private <T> boolean write(RedisWriteFactory<T> hash, T row) {
        List<Object> replies = new ArrayList<>();
        hash.writes(
                row,
                write -> {
                    byte[][] parameters = new byte[1 + write.args().length][];
                    parameters[0] = write.key().getBytes(UTF_8);
                    System.arraycopy(write.args(), 0, parameters, 1, write.args().length);
                    replies.add(redis.eval(write.script().source(), 1, parameters));
                });
        assertThat(replies).hasSizeLessThanOrEqualTo(1);
        return replies.equals(List.of(1L));
    }

    private void assertLife(String key, long life) {
        assertThat(redis.pttl(key)).isBetween(life - 60_000, life);
    }

    private boolean hour(long end, int views, int carts, boolean newest) {
        long expiry = System.currentTimeMillis() + LIFE;
        return write(
                new UserFeaturesHash(),
                new UserFeatures("u", end, views, carts, 0, 1_500_000, newest, false, expiry));
    }

    @Test
    void anHourIsReplacedByANewerOneOrAFullerOne() {
        assertThat(hour(TEN, 2, 1, true)).isTrue();
        assertThat(redis.hgetAll("user_features:u"))
                .isEqualTo(
                        Map.of(
                                "user_id", "u",
                                "view_count_1h", "2",
                                "cart_count_1h", "1",
                                "purchase_count_1h", "0",
                                "avg_viewed_price_1h", "1.5",
                                "window_end", "2026-11-20T10:00:00.000Z"));
        assertLife("user_features:u", LIFE);

        assertThat(hour(TEN - SLIDE, 9, 9, true)).isFalse();
        assertThat(hour(TEN, 1, 1, true)).isFalse();
        assertThat(hour(TEN + SLIDE, 9, 9, false)).isFalse(); // never the newest
        assertThat(redis.hget("user_features:u", "view_count_1h")).isEqualTo("2");
        assertThat(hour(TEN, 2, 1, true)).isTrue();
        assertThat(hour(TEN, 10, 1, true)).isTrue();
        assertThat(hour(TEN + SLIDE, 1, 0, true)).isTrue();
        assertThat(redis.hget("user_features:u", "window_end"))
                .isEqualTo("2026-11-20T10:10:00.000Z");
    }

    @Test
    void whatIsSentAgainShortensNoLife() {
        hour(TEN, 2, 1, true);
        session(true, 2, 1, false);
        long soon = System.currentTimeMillis() + 60_000;
        assertThat(
                        write(
                                new UserFeaturesHash(),
                                new UserFeatures("u", TEN, 2, 1, 0, 1_500_000, true, true, soon)))
                .isTrue();
        assertThat(
                        write(
                                new SessionHash(),
                                new SessionRow(
                                        true, "u", TEN, TEN + 61_999, 2, 1, 0, false, true, soon)))
                .isTrue();
        assertLife("user_features:u", LIFE);
        assertLife("session_features:u:" + TEN, LIFE / 2);

        redis.flushAll();
        write(
                new UserFeaturesHash(),
                new UserFeatures("u", TEN, 2, 1, 0, 1_500_000, true, true, soon));
        assertLife("user_features:u", 60_000);
    }

    @Test
    void whatIsSentAgainTakesThePlaceOfNothingThatWaits() {
        UserFeatures hour = new UserFeatures("u", TEN, 2, 1, 0, 0, true, false, LIFE);
        assertThat(hour.rank())
                .isGreaterThan(new UserFeatures("u", TEN, 2, 1, 0, 0, true, true, LIFE).rank())
                .isLessThan(new UserFeatures("u", TEN, 3, 1, 0, 0, true, true, LIFE).rank());
        SessionRow session = new SessionRow(true, "u", TEN, TEN, 2, 1, 0, false, false, LIFE);
        assertThat(session.rank())
                .isGreaterThan(
                        new SessionRow(true, "u", TEN, TEN, 2, 1, 0, false, true, LIFE).rank())
                .isLessThan(new SessionRow(true, "u", TEN, TEN, 2, 2, 0, false, true, LIFE).rank());
    }

    @Test
    void anEmptyHourTakesTheKeyOfAnOlderOneAway() {
        hour(TEN, 2, 1, true);
        assertThat(hour(TEN - SLIDE, 0, 0, true)).isFalse();
        assertThat(hour(TEN, 0, 0, true)).isFalse();
        assertThat(redis.exists("user_features:u")).isTrue();

        assertThat(hour(TEN + SLIDE, 0, 0, true)).isTrue();

        assertThat(redis.exists("user_features:u")).isFalse();
        assertThat(hour(TEN + SLIDE, 0, 0, true)).isTrue();
    }

    private boolean session(boolean inShop, int first, int second, boolean removed) {
        return write(
                new SessionHash(),
                new SessionRow(
                        inShop,
                        "u",
                        TEN,
                        TEN + 61_999,
                        first,
                        second,
                        0,
                        removed,
                        false,
                        System.currentTimeMillis() + LIFE / 2));
    }

    @Test
    void aSessionIsReplacedByItselfWithAsManyEvents() {
        String key = "session_features:u:" + TEN;
        assertThat(session(true, 2, 1, false)).isTrue();
        assertThat(redis.hgetAll(key))
                .isEqualTo(
                        Map.of(
                                "user_id", "u",
                                "event_count", "3",
                                "duration_seconds", "61",
                                "session_start", "2026-11-20T10:00:00.000Z",
                                "session_end", "2026-11-20T10:01:01.999Z"));
        assertLife(key, LIFE / 2);

        assertThat(session(true, 2, 0, false)).isFalse();
        assertThat(redis.hget(key, "event_count")).isEqualTo("3");
        assertThat(session(true, 2, 1, false)).isTrue();
        assertThat(session(true, 20, 1, false)).isTrue();
        assertThat(redis.hget(key, "event_count")).isEqualTo("21");
        session(true, 0, 0, true);
        assertThat(redis.exists(key)).isFalse();
    }

    @Test
    void aSessionWithAdsLikewise() {
        String key = "ad_session_features:u:" + TEN;
        assertThat(session(false, 9, 1, false)).isTrue();
        assertThat(redis.hgetAll(key))
                .isEqualTo(
                        Map.of(
                                "user_id", "u",
                                "impressions", "9",
                                "clicks", "1",
                                "conversions", "0",
                                "duration_seconds", "61"));
        assertLife(key, LIFE / 2);

        assertThat(session(false, 8, 1, false)).isFalse();
        assertThat(session(false, 10, 1, false)).isTrue(); // as numbers, not as text
        assertThat(session(false, 9, 1, false)).isFalse();
    }

    private boolean profile(long updatedAt, long score, ProfileRow.Interest... interests) {
        return write(
                new ProfileHash(),
                new ProfileRow(
                        "u",
                        List.of(interests),
                        List.of("shoes"),
                        score,
                        updatedAt,
                        System.currentTimeMillis() + 15 * LIFE));
    }

    @Test
    void aProfileIsReplacedByThatOfANewerEvent() {
        ProfileRow.Interest shoes = new ProfileRow.Interest("shoes", 3_000_000);
        ProfileRow.Interest bags = new ProfileRow.Interest("bags", 1_000_000);
        assertThat(profile(TEN, 20_000_000, shoes, bags)).isTrue();
        assertThat(redis.hgetAll("user_profile:u"))
                .isEqualTo(
                        Map.of(
                                "interest:shoes", "3",
                                "interest:bags", "1",
                                "top_categories", "[\"shoes\"]",
                                "engagement_score", "20",
                                "updated_at", "2026-11-20T10:00:00.000Z"));
        assertLife("user_profile:u", 15 * LIFE);

        assertThat(profile(TEN - 1, 90_000_000, bags)).isFalse();
        assertThat(profile(TEN, 9_000_000, bags)).isFalse();
        assertThat(redis.hget("user_profile:u", "engagement_score")).isEqualTo("20");
        assertThat(profile(TEN + 1, 9_000_000, shoes)).isTrue();
        assertThat(redis.hexists("user_profile:u", "interest:bags")).isFalse();
        assertThat(write(new ProfileHash(), Interests.over("u", TEN))).isFalse();
        assertThat(write(new ProfileHash(), Interests.over("u", TEN + 1))).isTrue();
        assertThat(redis.exists("user_profile:u")).isFalse();
    }

    private boolean signals(long version, Signal... signals) {
        return write(
                new RetargetingHash(),
                new RetargetingRow(
                        "u", List.of(signals), version, System.currentTimeMillis() + LIFE));
    }

    @Test
    void signalsAreReplacedByALaterVersion() {
        Signal views = new Signal("u", SignalType.REPEATED_VIEW, "p\"1", TEN - 1, TEN, TEN + LIFE);
        Signal cart = new Signal("u", SignalType.CART_ABANDONED, null, TEN, TEN + 1, TEN + LIFE);
        assertThat(signals(9, views)).isTrue();
        assertThat(redis.hgetAll("retargeting:u"))
                .containsEntry("user_id", "u")
                .containsEntry("signal", "REPEATED_VIEW")
                .containsEntry("product_id", "p\"1")
                .containsEntry("signal_id", views.id())
                .containsEntry("expires_at", "2026-11-20T12:00:00.000Z")
                .hasEntrySatisfying("signals", text -> assertThat(text).contains(views.id()));
        assertLife("retargeting:u", LIFE);

        assertThat(signals(8, cart)).isFalse();
        assertThat(signals(8)).isFalse();
        assertThat(signals(10, cart)).isTrue(); // as a number, not as text
        assertThat(redis.hgetAll("retargeting:u"))
                .containsEntry("signal", "CART_ABANDONED")
                .doesNotContainKey("product_id");
        assertThat(signals(9, views)).isFalse();
        assertThat(signals(10)).isTrue();
        assertThat(redis.exists("retargeting:u")).isFalse();
    }
}
