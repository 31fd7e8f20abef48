package io.adstream.common.redis;

import static io.adstream.common.redis.WindowRows.MINUTE;
import static io.adstream.common.redis.WindowRows.TEN;
import static io.adstream.common.redis.WindowRows.removal;
import static io.adstream.common.redis.WindowRows.row;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.redis.WindowRows.Row;
import io.adstream.common.store.TestWriterContext;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

@ExtendWith(ServicesExtension.class)
class RedisSinkITCase {

    private static final String KEY = "ad:ad-1:metrics:1m";

    private final TestWriterContext context = new TestWriterContext();
    private RedisServer server;
    private Jedis redis;
    private SinkWriter<Row> writer;

    @BeforeEach
    void open(RedisServer shared) throws Exception {
        server = shared;
        server.flush();
        redis = server.connect();
        writer = WindowRows.sink(config()).createWriter(context);
    }

    @AfterEach
    void close() throws Exception {
        writer.close();
        redis.close();
    }

    @Test
    void aRowHasExactlyTheFieldsOfTheContractAndGoesByItself() throws Exception {
        write(new Row(KEY, TEN, 200, 3, 1));

        assertThat(redis.hgetAll(KEY))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("window_start", "2026-11-20T10:00:00.000Z"),
                                Map.entry("window_end", "2026-11-20T10:01:00.000Z"),
                                Map.entry("impressions", "200"),
                                Map.entry("clicks", "3"),
                                Map.entry("conversions", "0"),
                                Map.entry("total_cost", "0.25"),
                                Map.entry("total_revenue", "0"),
                                Map.entry("ctr", "1.5"),
                                Map.entry("cvr", "0"),
                                Map.entry("cpc", "0.25"),
                                Map.entry("revision", "1"),
                                Map.entry("updated_at", "2026-11-20T10:02:00.000Z")));
        assertThat(redis.pttl(KEY)).isBetween(290_000L, 300_000L);
    }

    @Test
    void aHashWithForeignFieldsIsReplacedWhole() throws Exception {
        redis.hset(KEY, Map.of("window_start", "2026-11-20T09:59:00.000Z", "stray", "1"));

        write(row(KEY, TEN, 5));

        assertThat(redis.hgetAll(KEY).keySet())
                .containsExactlyInAnyOrderElementsOf(WindowHashScripts.FIELDS);
    }

    @Test
    void aNewerWindowReplacesAnOlderOneWithMoreEvents() throws Exception {
        write(row(KEY, TEN, 1_000));

        write(row(KEY, TEN + MINUTE, 1));

        assertThat(redis.hget(KEY, "impressions")).isEqualTo("1");
        assertThat(context.count("redisWrites")).isEqualTo(2);
    }

    /** A process that stood still for long may send it when all others have gone on. */
    @Test
    void anOpenWindowIsRefusedOnceItHasEnded() throws Exception {
        String live = KEY + WindowRows.LIVE;
        write(row(live, TEN, 4));
        write(row(KEY, TEN, 5));
        write(removal(live, TEN));

        write(row(live, TEN, 4));
        assertThat(redis.exists(live)).isFalse();
        assertThat(context.count("redisRefusedAsOlder")).isEqualTo(1);

        write(row(live, TEN + MINUTE, 1));
        assertThat(redis.hget(live, "impressions")).isEqualTo("1");
    }

    @Test
    void anOlderWindowIsRefused() throws Exception {
        write(row(KEY, TEN + MINUTE, 1));

        write(row(KEY, TEN, 1_000));

        assertThat(redis.hget(KEY, "window_start")).isEqualTo("2026-11-20T10:01:00.000Z");
        assertThat(context.count("redisWrites")).isEqualTo(1);
        assertThat(context.count("redisRefusedAsOlder")).isEqualTo(1);
    }

    @Test
    void fewerEventsAreRefusedThoughTheirRevisionIsHigher() throws Exception {
        write(new Row(KEY, TEN, 100, 9, 1));

        write(new Row(KEY, TEN, 100, 8, 7));

        assertThat(redis.hget(KEY, "clicks")).isEqualTo("9");
        assertThat(redis.hget(KEY, "revision")).isEqualTo("1");
        assertThat(context.count("redisRefusedAsOlder")).isEqualTo(1);
    }

    @Test
    void asManyEventsAreAcceptedThoughTheirRevisionIsLower() throws Exception {
        write(new Row(KEY, TEN, 100, 9, 7));

        write(new Row(KEY, TEN, 101, 8, 2));

        assertThat(redis.hget(KEY, "impressions")).isEqualTo("101");
        assertThat(redis.hget(KEY, "revision")).isEqualTo("2");
    }

    @Test
    void eventsAreComparedAsNumbers() throws Exception {
        write(row(KEY, TEN, 9));

        write(row(KEY, TEN, 10));
        write(row(KEY, TEN, 9));

        assertThat(redis.hget(KEY, "impressions")).isEqualTo("10");
    }

    @Test
    void aRemovalSparesANewerWindow() throws Exception {
        write(row(KEY, TEN + MINUTE, 5));
        write(removal(KEY, TEN));
        assertThat(redis.exists(KEY)).isTrue();

        write(removal(KEY, TEN + MINUTE));
        assertThat(redis.exists(KEY)).isFalse();

        write(removal(KEY, TEN + MINUTE));
        assertThat(context.count("redisWrites")).isEqualTo(3);
        assertThat(context.count("redisRefusedAsOlder")).isEqualTo(1);
    }

    @Test
    void ofTheWritesOfAKeyThatWaitTheNewestIsSent() throws Exception {
        keep(row(KEY, TEN, 5), row(KEY, TEN, 7), row(KEY, TEN, 6));
        keep(row("other", TEN, 1));
        keep(row(KEY, TEN - MINUTE, 100));
        assertThat(context.gauge("redisPending")).isEqualTo(2);

        writer.flush(false);

        assertThat(redis.hget(KEY, "impressions")).isEqualTo("7");
        assertThat(context.count("redisWrites")).isEqualTo(2);
        assertThat(context.gauge("redisPending")).isZero();
    }

    @Test
    void aRemovalTakesTheRowsPlaceAndANewWindowTheRemovals() throws Exception {
        write(row(KEY, TEN, 5));
        keep(row(KEY, TEN, 6), removal(KEY, TEN), row(KEY, TEN, 7));
        writer.flush(false);
        assertThat(redis.exists(KEY)).isFalse();

        keep(removal(KEY, TEN), row(KEY, TEN + MINUTE, 1));
        writer.flush(false);
        assertThat(redis.hget(KEY, "impressions")).isEqualTo("1");
    }

    @Test
    void ofEqualWritesTheLastIsSent() throws Exception {
        keep(new Row(KEY, TEN, 5, 0, 1), new Row(KEY, TEN, 5, 0, 2));

        writer.flush(false);

        assertThat(redis.hget(KEY, "revision")).isEqualTo("2");
    }

    @Test
    void aWriteWaitsTenMillisecondsAtMost() throws Exception {
        keep(row(KEY, TEN, 5));
        context.advance(9);
        assertThat(redis.exists(KEY)).isFalse();

        context.advance(1);
        assertThat(redis.exists(KEY)).isTrue();

        keep(row(KEY, TEN, 6));
        context.advance(10);
        assertThat(redis.hget(KEY, "impressions")).isEqualTo("6");
    }

    @Test
    void fiveHundredKeysAreSentAtOnceAndMoreInSeveralTrips() throws Exception {
        for (int i = 0; i < 499; i++) {
            keep(row("ad:" + i, TEN, 5));
        }
        assertThat(redis.dbSize()).isZero();

        keep(row("ad:499", TEN, 5));
        assertThat(redis.dbSize()).isEqualTo(500);
    }

    @Test
    void oneElementMayWriteManyKeys() throws Exception {
        RedisSink<Integer> sink =
                new RedisSink<>(
                        config(),
                        (number, out) -> {
                            for (int i = 0; i < number; i++) {
                                row("many:" + i, TEN, 1).writes(out);
                            }
                        });
        try (SinkWriter<Integer> many = sink.createWriter(new TestWriterContext())) {
            many.write(1_700, TestWriterContext.NO_TIME);
        }
        assertThat(redis.dbSize()).isEqualTo(1_700);
    }

    @Test
    void keysAreBytesAndMayHoldAnything() throws Exception {
        String key = "ad:한국{x}\r\n:metrics:1m";

        write(row(key, TEN, 5));

        assertThat(redis.hget(key.getBytes(UTF_8), "impressions".getBytes(UTF_8)))
                .isEqualTo("5".getBytes(UTF_8));
    }

    @Test
    void scriptsThatTheServerForgotAreLoadedAgain() throws Exception {
        write(row(KEY, TEN, 5));
        redis.scriptFlush();

        keep(row(KEY, TEN, 6), row("other", TEN, 1));
        writer.flush(false);

        assertThat(redis.hget(KEY, "impressions")).isEqualTo("6");
        assertThat(redis.exists("other")).isTrue();
        assertThat(context.count("redisRetries")).isZero();
    }

    @Test
    void aRefusedKeyFailsTheJobByNameAndTheOthersOfThePipelineAreWritten() {
        redis.set("ad:2", "not a hash");

        assertThatThrownBy(
                        () -> {
                            keep(row("ad:1", TEN, 5), row("ad:2", TEN, 5), row("ad:3", TEN, 5));
                            writer.flush(false);
                        })
                .hasMessageContaining("ad:2")
                .hasMessageContaining("WRONGTYPE")
                .hasMessageContaining("DEL the key");

        assertThat(redis.exists("ad:1", "ad:3")).isEqualTo(2);
        assertThat(redis.get("ad:2")).isEqualTo("not a hash");
    }

    @Test
    void aRefusedKeySteersNoTerminal() {
        String key = "ad:\r\n\u001b[31m";
        redis.set(key, "not a hash");

        assertThatThrownBy(
                        () -> {
                            keep(row(key, TEN, 5));
                            writer.flush(false);
                        })
                .hasMessageContaining("the key ad:\\u000d\\u000a\\u001b[31m:")
                .hasMessageNotContainingAny("\u001b", "\r", "\n");
    }

    @Test
    void aSecondScriptNeedsNothingButItsText() throws Exception {
        RedisScript greatest =
                new RedisScript(
                        "greatest",
                        """
                        local stored = tonumber(redis.call('GET', KEYS[1]) or '-1')
                        if stored > tonumber(ARGV[1]) then return 0 end
                        redis.call('SET', KEYS[1], ARGV[1])
                        return 1
                        """);
        List<Long> values = List.of(3L, 9L, 4L);
        for (long value : values) {
            RedisSink<Long> sink =
                    new RedisSink<>(
                            config(),
                            (number, out) ->
                                    out.accept(
                                            new RedisWrite(
                                                    greatest,
                                                    "n",
                                                    number,
                                                    0,
                                                    new byte[][] {
                                                        Long.toString(number).getBytes(UTF_8)
                                                    })));
            try (SinkWriter<Long> numbers = sink.createWriter(new TestWriterContext())) {
                numbers.write(value, TestWriterContext.NO_TIME);
                numbers.flush(false);
            }
        }
        assertThat(redis.get("n")).isEqualTo("9");
    }

    private RedisConnectionConfig config() {
        return RedisConnectionConfig.of(server.host(), server.port());
    }

    private void write(Row row) throws Exception {
        keep(row);
        writer.flush(false);
    }

    private void keep(Row... rows) throws Exception {
        for (Row row : rows) {
            writer.write(row, TestWriterContext.NO_TIME);
        }
    }
}
