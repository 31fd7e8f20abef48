package io.adstream.common.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Rows of windows for tests of the Redis sink: the window, its counts and a revision. */
final class WindowRows {

    static final long TEN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
    static final long MINUTE = 60_000;
    static final String LIVE = ":live";

    private WindowRows() {}

    /**
     * What the tests' sinks write: a row, or its removal where the revision is 0. The row is of an
     * open window where the key ends like one.
     */
    record Row(String key, long windowStart, long impressions, long clicks, int revision) {

        void writes(Consumer<RedisWrite> out) {
            long events = impressions + clicks;
            long expireAt = System.currentTimeMillis() + 300_000;
            if (revision == 0) {
                out.accept(WindowHashScripts.remove(key, windowStart, iso(windowStart)));
            } else if (key.endsWith(LIVE)) {
                String ended = key.substring(0, key.length() - LIVE.length());
                out.accept(
                        WindowHashScripts.openRow(
                                key, ended, windowStart, events, expireAt, values()));
            } else {
                out.accept(WindowHashScripts.row(key, windowStart, events, expireAt, values()));
            }
        }

        private byte[][] values() {
            return Stream.of(
                            iso(windowStart),
                            iso(windowStart + MINUTE),
                            impressions,
                            clicks,
                            0,
                            "0.25",
                            0,
                            "1.5",
                            0,
                            "0.25",
                            revision,
                            "2026-11-20T10:02:00.000Z")
                    .map(value -> value.toString().getBytes(UTF_8))
                    .toArray(byte[][]::new);
        }
    }

    static Row row(String key, long windowStart, long impressions) {
        return new Row(key, windowStart, impressions, 0, 1);
    }

    static Row removal(String key, long windowStart) {
        return new Row(key, windowStart, 0, 0, 0);
    }

    static RedisSink<Row> sink(RedisConnectionConfig config) {
        return new RedisSink<>(config, Row::writes);
    }

    static String iso(long epochMs) {
        return Instant.ofEpochMilli(epochMs).toString().replace("Z", ".000Z");
    }
}
