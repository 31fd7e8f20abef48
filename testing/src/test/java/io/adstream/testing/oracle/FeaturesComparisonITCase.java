package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

/** What is right is equal, and each thing that is wrong is found. */
@ExtendWith(ServicesExtension.class)
class FeaturesComparisonITCase {

    private static final Instant WATERMARK = Instant.parse("2026-11-20T10:50:00Z");

    private Jedis redis;

    @BeforeEach
    void serveWhatIsRight(RedisServer server) {
        server.flush();
        redis = server.connect();
        redis.hset(
                "user_features:u",
                Map.of(
                        "user_id", "u",
                        "view_count_1h", "1",
                        "cart_count_1h", "1",
                        "purchase_count_1h", "0",
                        "avg_viewed_price_1h", "29.99",
                        "window_end", "2026-11-20T10:50:00.000Z"));
        redis.hset(
                "session_features:u:1795168800000",
                Map.of(
                        "user_id", "u",
                        "event_count", "2",
                        "duration_seconds", "90",
                        "session_start", "2026-11-20T10:00:00.000Z",
                        "session_end", "2026-11-20T10:01:30.000Z"));
        redis.hset(
                "user_profile:u",
                Map.of(
                        "interest:shoes", "0.999278",
                        "interest:bags", "3",
                        "top_categories", "[\"bags\",\"shoes\"]",
                        "engagement_score", "16.664159",
                        "updated_at", "2026-11-20T10:01:30.000Z"));
        redis.hset(
                "retargeting:u",
                Map.of(
                        "user_id",
                        "u",
                        "signals",
                        "[{\"signal\":\"CART_ABANDONED\",\"product_id\":null,"
                                + "\"at\":\"2026-11-20T10:31:30.000Z\"}]"));
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    private static List<UserAction> actions(String user) {
        return List.of(
                new UserAction(
                        user,
                        "view",
                        Instant.parse("2026-11-20T10:00:00Z"),
                        new BigDecimal("29.99"),
                        "shoes",
                        "p-1"),
                new UserAction(
                        user, "cart", Instant.parse("2026-11-20T10:01:30Z"), null, "bags", "p-2"));
    }

    private Comparison ofRedis() {
        return FeaturesComparison.with(ExpectedFeatures.of(actions("u"))).ofRedis(redis, WATERMARK);
    }

    private void assertFound(String difference) {
        Comparison comparison = ofRedis();
        assertThat(comparison.differenceCount()).as(comparison.report()).isEqualTo(1);
        assertThat(comparison.report()).contains(difference);
    }

    @Test
    void whatIsRightIsEqual() {
        ofRedis().assertEqual();
    }

    @Test
    void aWrongFieldIsFound() {
        redis.hset("user_features:u", "avg_viewed_price_1h", "29.989999");
        assertFound("user_features:u");
    }

    @Test
    void aFieldTooMuchIsFound() {
        redis.hset("session_features:u:1795168800000", "impressions", "0");
        assertFound("session_features:u");
    }

    @Test
    void aKeyTooMuchIsFound() {
        redis.hset("ad_session_features:u:1795168800000", "impressions", "1");
        assertFound("ad_session_features:");
    }

    @Test
    void anInterestThatIsOffIsFound() {
        redis.hset("user_profile:u", "interest:shoes", "1");
        assertFound("interest:shoes expected 0.999278, found 1");
    }

    @Test
    void topCategoriesInAnotherOrderAreFound() {
        redis.hset("user_profile:u", "top_categories", "[\"shoes\",\"bags\"]");
        assertFound("top_categories");
    }

    @Test
    void aSignalThatIsMissingIsFound() {
        redis.hset("retargeting:u", "signals", "[]");
        assertFound("CART_ABANDONED");
    }

    @Test
    void ofUncertainUsersNothingIsSaid() {
        List<UserAction> all = Stream.of("u", "late").flatMap(u -> actions(u).stream()).toList();
        ExpectedFeatures expected = new ExpectedFeatures(all, Set.of("late"));
        redis.hset("user_features:late", "view_count_1h", "7");
        redis.hset("session_features:late:17", "event_count", "7");
        assertThat(expected.users()).isOne();
        FeaturesComparison.with(expected).ofRedis(redis, WATERMARK).assertEqual();
        FeaturesComparison.with(expected)
                .ofKafka(List.of(PROFILE_1, PROFILE_2, SIGNAL, LATE), WATERMARK)
                .assertEqual();
    }

    private static final ConsumerRecord<byte[], byte[]> PROFILE_1 =
            record(
                    "u",
                    """
                    {"type":"PROFILE","user_id":"u","interest:shoes":1,"top_categories":["shoes"],
                    "engagement_score":4.761905,"updated_at":"2026-11-20T10:00:00.000Z"}""");

    private static final ConsumerRecord<byte[], byte[]> PROFILE_2 =
            record(
                    "u",
                    """
                    {"type":"PROFILE","user_id":"u","interest:bags":3,"interest:shoes":0.999278,
                    "top_categories":["bags","shoes"],"engagement_score":16.664159,
                    "updated_at":"2026-11-20T10:01:30.000Z"}""");

    private static final ConsumerRecord<byte[], byte[]> SIGNAL =
            record(
                    "u",
                    """
                    {"type":"SIGNAL","user_id":"u","signal_id":"1","signal":"CART_ABANDONED",
                    "product_id":null,"at":"2026-11-20T10:31:30.000Z",
                    "expires_at":"2026-11-21T10:31:30.000Z"}""");

    private static final ConsumerRecord<byte[], byte[]> LATE =
            record("late", "{\"type\":\"SIGNAL\",\"user_id\":\"late\"}");

    @Test
    void aRecordThatIsMissingOrTwiceIsFound() {
        List<ConsumerRecord<byte[], byte[]>> all = List.of(PROFILE_1, PROFILE_2, SIGNAL);
        FeaturesComparison comparison = FeaturesComparison.with(ExpectedFeatures.of(actions("u")));
        comparison.ofKafka(all, WATERMARK).assertEqual();
        for (ConsumerRecord<byte[], byte[]> one : all) {
            List<ConsumerRecord<byte[], byte[]>> others = new ArrayList<>(all);
            others.remove(one);
            assertThat(comparison.ofKafka(others, WATERMARK).differenceCount()).isOne();
            List<ConsumerRecord<byte[], byte[]>> twice = new ArrayList<>(all);
            twice.add(one);
            assertThat(comparison.ofKafka(twice, WATERMARK).differenceCount()).isOne();
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(String user, String json) {
        return new ConsumerRecord<>(
                "user-signals", 0, 0, user.getBytes(UTF_8), json.getBytes(UTF_8));
    }
}
