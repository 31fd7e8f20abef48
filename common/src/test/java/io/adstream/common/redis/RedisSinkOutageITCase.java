package io.adstream.common.redis;

import static io.adstream.common.redis.WindowRows.TEN;
import static io.adstream.common.redis.WindowRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.adstream.common.redis.WindowRows.Row;
import io.adstream.common.store.Flushing;
import io.adstream.common.store.TestWriterContext;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

class RedisSinkOutageITCase {

    @TempDir private Path folder;
    private final TestWriterContext context = new TestWriterContext();
    private RedisProcess server;
    private SinkWriter<Row> writer;

    @AfterEach
    void close() throws Exception {
        if (writer != null) {
            writer.close();
        }
        server.close();
    }

    @Test
    void waitsForAServerThatWasKilledAndLosesNothing() throws Exception {
        start();
        writer = WindowRows.sink(config()).createWriter(context);
        keep(0, 1_200, 5);
        writer.flush(false);
        server.kill();

        keep(0, 499, 6);
        Flushing flushing = new Flushing(writer);
        await().until(() -> context.count("redisRetries") >= 3);
        assertThat(flushing.isDone()).isFalse();
        assertThat(context.gauge("redisUnavailableMs")).isPositive();
        assertThat(context.gauge("redisPending")).isEqualTo(499);
        server.start();
        flushing.get(20);

        try (Jedis redis = server.connect()) {
            assertThat(redis.dbSize()).isEqualTo(499);
            assertThat(redis.hget("ad:7", "impressions")).isEqualTo("6");
        }
        assertThat(context.gauge("redisUnavailableMs")).isZero();
        assertThat(context.count("redisWrites")).isEqualTo(1_200 + 499);
    }

    @Test
    void isThereBeforeItsServer() throws Exception {
        start();
        server.kill();
        writer = WindowRows.sink(config()).createWriter(context);
        keep(0, 3, 5);

        Flushing flushing = new Flushing(writer);
        await().until(() -> context.count("redisRetries") >= 2);
        server.start();
        flushing.get(20);

        try (Jedis redis = server.connect()) {
            assertThat(redis.dbSize()).isEqualTo(3);
        }
    }

    @Test
    void waitsUntilThereIsMemoryAgain() throws Exception {
        start();
        writer = WindowRows.sink(config()).createWriter(context);
        keep(0, 10, 5);
        writer.flush(false);
        try (Jedis redis = server.connect()) {
            redis.configSet("maxmemory", "1");
            keep(0, 20, 6);
            Flushing flushing = new Flushing(writer);
            await().until(() -> context.count("redisRetries") >= 3);
            assertThat(flushing.isDone()).isFalse();
            assertThat(redis.hgetAll("ad:3"))
                    .as("a write that did not fit has not destroyed the row")
                    .hasSize(12)
                    .containsEntry("impressions", "5");

            redis.configSet("maxmemory", "0");
            flushing.get(20);

            assertThat(redis.dbSize()).isEqualTo(20);
            assertThat(redis.hget("ad:3", "impressions")).isEqualTo("6");
        }
    }

    @Test
    void waitsForAReplicaToBecomeThePrimary() throws Exception {
        start();
        writer = WindowRows.sink(config()).createWriter(context);
        try (Jedis redis = server.connect()) {
            redis.replicaof("127.0.0.1", 1);
            keep(0, 5, 5);
            Flushing flushing = new Flushing(writer);
            await().until(() -> context.count("redisRetries") >= 2);
            assertThat(flushing.isDone()).isFalse();

            redis.replicaofNoOne();
            flushing.get(20);

            assertThat(redis.dbSize()).isEqualTo(5);
        }
    }

    @Test
    void survivesAServerThatIsFrozen() throws Exception {
        start();
        writer = WindowRows.sink(config()).createWriter(context);
        keep(0, 300, 5);
        writer.flush(false);
        server.pause();

        keep(0, 400, 6);
        Flushing flushing = new Flushing(writer);
        await().atMost(Duration.ofSeconds(30)).until(() -> context.count("redisRetries") >= 3);
        assertThat(flushing.isDone()).isFalse();
        server.resume();
        flushing.get(20);

        try (Jedis redis = server.connect()) {
            assertThat(redis.dbSize()).isEqualTo(400);
            assertThat(redis.hget("ad:299", "impressions")).isEqualTo("6");
        }
    }

    @Test
    void canBeCancelledWhileTheServerIsFrozen() throws Exception {
        start();
        writer = WindowRows.sink(config().withTimeout(Duration.ofMinutes(5))).createWriter(context);
        keep(0, 10, 5);
        writer.flush(false);
        server.pause();

        keep(0, 10, 6);
        Flushing flushing = new Flushing(writer);
        await().pollDelay(Duration.ofMillis(300)).until(() -> !flushing.isDone());
        flushing.cancel();

        assertThatThrownBy(() -> flushing.get(5)).hasCauseInstanceOf(InterruptedException.class);
        server.resume();
    }

    @Test
    void repeatsWritesWhoseReplyWasLost() throws Exception {
        start();
        try (TcpProxy proxy = TcpProxy.to(server)) {
            writer =
                    WindowRows.sink(RedisConnectionConfig.of(proxy.host(), proxy.port()))
                            .createWriter(context);
            keep(0, 10, 5);
            writer.flush(false);
            proxy.loseReplies(1);

            keep(0, 30, 6);
            writer.flush(false);

            assertThat(proxy.lostReplies()).isEqualTo(1);
            assertThat(context.count("redisRetries")).isEqualTo(1);
            assertThat(context.gauge("redisPending")).isZero();
        }
        try (Jedis redis = server.connect()) {
            assertThat(redis.dbSize()).isEqualTo(30);
            assertThat(redis.hget("ad:29", "impressions")).isEqualTo("6");
        }
    }

    @Test
    void survivesConnectionsThatAreClosedByTheServer() throws Exception {
        start();
        writer = WindowRows.sink(config()).createWriter(context);
        try (Jedis redis = server.connect()) {
            for (int round = 1; round <= 5; round++) {
                redis.sendCommand(Command.CLIENT, "KILL", "TYPE", "normal", "SKIPME", "yes");
                keep(0, 600, round);
                writer.flush(false);
            }
            assertThat(redis.hget("ad:599", "impressions")).isEqualTo("5");
        }
    }

    @Test
    void needsNoMoreRightsThanDocumented() throws Exception {
        start();
        try (Jedis redis = server.connect()) {
            redis.aclSetUser(
                    "ads",
                    "on",
                    ">secret",
                    "~ad:*",
                    "+evalsha",
                    "+script|load",
                    "+info",
                    "+hget",
                    "+hmget",
                    "+hlen",
                    "+hset",
                    "+del",
                    "+pexpireat");
        }
        writer = WindowRows.sink(config().withCredentials("ads", "secret")).createWriter(context);
        keep(0, 5, 5);
        writer.flush(false);
        writer.write(WindowRows.removal("ad:4", TEN), TestWriterContext.NO_TIME);
        writer.flush(false);
        assertThat(context.count("redisWrites")).isEqualTo(6);
        try (RedisServerIdentity identity =
                new RedisServerIdentity(config().withCredentials("ads", "secret"))) {
            assertThat(identity.runId()).isNotNull();
        }

        writer.write(row("campaign:1", TEN, 5), TestWriterContext.NO_TIME);
        assertThatThrownBy(() -> writer.flush(false))
                .hasMessageContaining("campaign:1")
                .hasMessageContaining("ACL");
    }

    @Test
    void aWrongPasswordFailsTheJobWithoutShowingIt() throws Exception {
        server = RedisServer.start(folder, "--requirepass", "right");
        RedisConnectionConfig wrong = config().withCredentials(null, "guess-me-not");
        writer = WindowRows.sink(wrong).createWriter(context);
        keep(0, 1, 5);

        assertThatThrownBy(() -> writer.flush(false))
                .hasMessageContaining("password")
                .hasMessageContaining(wrong.address())
                .hasMessageNotContaining("guess-me-not");
        assertThat(wrong.toString()).doesNotContain("guess-me-not");
    }

    private void start() {
        server = RedisServer.start(folder);
    }

    private RedisConnectionConfig config() {
        return RedisConnectionConfig.of(server.host(), server.port())
                .withTimeout(Duration.ofMillis(500));
    }

    /** Rows of the keys ad:from to ad:to, exclusive, with so many impressions. */
    private void keep(int from, int to, long impressions) throws Exception {
        for (int i = from; i < to; i++) {
            writer.write(row("ad:" + i, TEN, impressions), TestWriterContext.NO_TIME);
        }
    }
}
