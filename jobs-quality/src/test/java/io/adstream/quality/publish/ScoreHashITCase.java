package io.adstream.quality.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.quality.Scores;
import io.adstream.quality.score.Departure;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

/**
 * What a server does with the scripts: an older score never wins, and a departure takes no newer.
 */
@ExtendWith(ServicesExtension.class)
class ScoreHashITCase {

    private static final String KEY = "ad:ad-1:quality_score";
    private static final long MINUTE = 60_000;

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

    @Test
    void theHashIsTheScore() {
        assertThat(score(5, 6, 1)).isTrue();

        assertThat(redis.hgetAll(KEY))
                .isEqualTo(
                        Map.of(
                                "score", "6",
                                "base_score", "6.25",
                                "previous", "5.5",
                                "raw", "7.82",
                                "category", "shoes",
                                "category_rank", "2",
                                "category_size", "7",
                                "revision", "1",
                                "updated_at", "2026-11-20T12:05:00.000Z"));
    }

    @Test
    void aLaterRefreshWinsAndOfOneTheLaterRevision() {
        assertThat(score(10, 6, 10)).isTrue();
        assertThat(score(5, 5, 11)).isFalse();
        assertThat(score(10, 5, 9)).isFalse();
        assertThat(redis.hget(KEY, "score")).isEqualTo("6");
        assertThat(score(10, 6, 10)).isTrue();
        assertThat(score(10, 4, 11)).isTrue();
        // An ad that was forgotten begins with revision 1 again.
        assertThat(score(15, 3, 1)).isTrue();
        assertThat(redis.hget(KEY, "score")).isEqualTo("3");
    }

    @Test
    void fieldsThatAreNotOursGo() {
        redis.hset(KEY, "quality", "high");
        assertThat(score(5, 6, 1)).isTrue();
        assertThat(redis.hlen(KEY)).isEqualTo(9);
    }

    @Test
    void aDepartureTakesWhatIsNotNewer() {
        score(10, 6, 1);
        assertThat(depart(5)).isFalse();
        assertThat(redis.exists(KEY)).isTrue();
        assertThat(depart(10)).isTrue();
        assertThat(redis.exists(KEY)).isFalse();
        assertThat(depart(10)).isTrue();
    }

    private boolean score(int minute, double score, int revision) {
        return write(Publication.of(Scores.score("ad-1", minute, score, revision).ranked(2, 7)));
    }

    private boolean depart(int minute) {
        return write(Publication.of(new Departure("ad-1", Scores.NOON + minute * MINUTE)));
    }

    /** Whether the server did what the write asked. */
    private boolean write(Publication publication) {
        List<Object> replies = new ArrayList<>();
        new ScoreHash()
                .writes(
                        publication,
                        write -> {
                            byte[][] parameters = new byte[1 + write.args().length][];
                            parameters[0] = write.key().getBytes(UTF_8);
                            System.arraycopy(write.args(), 0, parameters, 1, write.args().length);
                            replies.add(redis.eval(write.script().source(), 1, parameters));
                        });
        return replies.equals(List.of(1L));
    }
}
