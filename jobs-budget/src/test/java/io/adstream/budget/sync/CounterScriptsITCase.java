package io.adstream.budget.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.redis.RedisConnectionConfig;
import io.adstream.common.redis.RedisQueries;
import io.adstream.common.redis.RedisWrite;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

@ExtendWith(ServicesExtension.class)
class CounterScriptsITCase {

    private static final long DAY = 20_777; // 2026-11-20
    private static final String KEY = "budget:cmp-1:2026-11-20:spent";

    private Jedis redis;
    private RedisQueries queries;

    @BeforeEach
    void connect(RedisServer server) {
        server.flush();
        redis = server.connect();
        queries =
                new RedisQueries(
                        RedisConnectionConfig.of(server.host(), server.port()), "test-watch");
    }

    @AfterEach
    void disconnect() {
        queries.close();
        redis.close();
    }

    @Test
    void samplesWhatIsThereAndSeesThatItExpires() throws Exception {
        assertThat(sample()).isEqualTo(new CounterScripts.Found(null, ""));
        redis.incrBy(KEY, 9_007_199_254_740_993L); // beyond what a double holds

        assertThat(sample()).isEqualTo(new CounterScripts.Found(9_007_199_254_740_993L, ""));
        assertThat(redis.pttl(KEY)).isBetween(1L, CounterScripts.TTL.toMillis());
        redis.set(KEY, "much");
        assertThat(sample()).isNull();
        redis.del(KEY);
        redis.lpush(KEY, "1");
        assertThat(sample()).isNull();
        assertThat(run(correction(1, 0L, 5, ""))).isZero();
    }

    @Test
    void makesACorrectionOnceAndOnWhatItsSampleKnew() throws Exception {
        redis.incrBy(KEY, 1000);
        assertThat(run(correction(1, 1000L, -300, ""))).isEqualTo(1);
        assertThat(run(correction(1, 1000L, -300, ""))).isZero();
        assertThat(redis.get(KEY)).isEqualTo("700");

        assertThat(sample()).isEqualTo(new CounterScripts.Found(700L, "1"));
        assertThat(run(correction(2, 700L, 50, "1"))).isEqualTo(1);
        assertThat(run(correction(3, 700L, 50, "1"))).as("not known to its sample").isZero();
        assertThat(redis.get(KEY)).isEqualTo("750");
        assertThat(redis.pttl("budget:cmp-1:2026-11-20:synced")).isPositive();
    }

    @Test
    void leavesACounterThatIsAnotherOneAlone() throws Exception {
        redis.incrBy(KEY, 1000);
        redis.del(KEY);
        assertThat(run(correction(1, 1000L, 300, ""))).isZero();
        assertThat(redis.exists(KEY)).isFalse();
        redis.incrBy(KEY, 10);
        assertThat(run(correction(1, 1000L, 300, ""))).isZero();
        assertThat(redis.get(KEY)).isEqualTo("10");
    }

    @Test
    void seedsOnlyWhatIsAbsent() throws Exception {
        assertThat(run(correction(1, null, 500, ""))).isEqualTo(1);
        redis.incrBy(KEY, 1);
        assertThat(run(correction(2, null, 900, ""))).isZero();

        assertThat(sample()).isEqualTo(new CounterScripts.Found(501L, "1"));
        assertThat(redis.pttl(KEY)).isPositive();
    }

    @Test
    void spendThatArrivesDuringCorrectionsIsKept(RedisServer server) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        redis.incrBy(KEY, 1_000_000);
        CompletableFuture<Long> adServer =
                CompletableFuture.supplyAsync(
                        () -> {
                            long spent = 0;
                            try (Jedis own = server.connect()) {
                                while (!enough.get()) {
                                    own.incrBy(KEY, 7);
                                    spent += 7;
                                }
                            }
                            return spent;
                        });
        long corrected = 0;
        long made = 0;
        for (int cut = 1; cut <= 500; cut++) {
            CounterScripts.Found found = Objects.requireNonNull(sample());
            long amount = cut % 2 == 0 ? -200 : 300;
            if (run(correction(cut, found.counter(), amount, found.version())) == 1) {
                corrected += amount;
                made++;
            }
        }
        enough.set(true);
        long spent = adServer.get();

        assertThat(made).isEqualTo(500);
        assertThat(spent).isGreaterThan(7 * 1000L);
        assertThat(Long.parseLong(redis.get(KEY))).isEqualTo(1_000_000 + spent + corrected);
    }

    @Test
    void survivesAServerThatHasForgottenTheScripts() throws Exception {
        redis.incrBy(KEY, 5);
        assertThat(sample()).isNotNull();
        redis.scriptFlush();

        assertThat(sample()).isEqualTo(new CounterScripts.Found(5L, ""));
    }

    private CounterScripts.@Nullable Found sample() throws Exception {
        return CounterScripts.read(
                queries.run(List.of(CounterScripts.sample("cmp-1", DAY))).get(0));
    }

    private static CounterCorrection correction(
            long cut, @Nullable Long counter, long amount, String version) {
        return new CounterCorrection("cmp-1", DAY, cut, counter, amount, version);
    }

    private long run(CounterCorrection correction) throws Exception {
        RedisWrite write = CounterScripts.correction(correction);
        return (Long) Objects.requireNonNull(queries.run(List.of(write)).get(0));
    }
}
