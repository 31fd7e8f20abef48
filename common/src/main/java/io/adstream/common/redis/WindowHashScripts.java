package io.adstream.common.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * The hash of a metrics window: written whole, replaced only by a newer window or by the same
 * window with at least as many events counted, and removed only while it holds the window that is
 * meant or an older one. The revision never decides: after a restore it may be lower while the row
 * holds more.
 */
public final class WindowHashScripts {

    /** The fields of the hash, in the order in which {@link #row} takes their values. */
    public static final List<String> FIELDS =
            List.of(
                    "window_start",
                    "window_end",
                    "impressions",
                    "clicks",
                    "conversions",
                    "total_cost",
                    "total_revenue",
                    "ctr",
                    "cvr",
                    "cpc",
                    "revision",
                    "updated_at");

    private static final String WRITE_ROW =
            """
                    local k = KEYS[1]
                    local s = redis.call('HMGET', k, 'window_start', 'impressions', 'clicks', 'conversions')
                    if s[1] then
                      if s[1] > ARGV[2] then return 0 end
                      if s[1] == ARGV[2] then
                        local stored = (tonumber(s[2]) or 0) + (tonumber(s[3]) or 0) + (tonumber(s[4]) or 0)
                        if stored > ARGV[4] + ARGV[5] + ARGV[6] then return 0 end
                      end
                    end
                    if redis.call('HLEN', k) ~= 12 then redis.call('DEL', k) end
                    redis.call('HSET', k,
                      'window_start', ARGV[2], 'window_end', ARGV[3], 'impressions', ARGV[4],
                      'clicks', ARGV[5], 'conversions', ARGV[6], 'total_cost', ARGV[7],
                      'total_revenue', ARGV[8], 'ctr', ARGV[9], 'cvr', ARGV[10],
                      'cpc', ARGV[11], 'revision', ARGV[12], 'updated_at', ARGV[13])
                    redis.call('PEXPIREAT', k, ARGV[1])
                    return 1
                    """;

    /** ARGV: expiry in epoch ms, then the values of {@link #FIELDS}. */
    static final RedisScript ROW = new RedisScript("window-hash-row", WRITE_ROW);

    /** The same, unless the window or a later one has ended, of which {@code KEYS[2]} tells. */
    static final RedisScript OPEN_ROW =
            new RedisScript(
                    "window-hash-open-row",
                    """
                    local ended = redis.call('HGET', KEYS[2], 'window_start')
                    if ended and ended >= ARGV[2] then return 0 end
                    """
                            + WRITE_ROW);

    /** ARGV: the window_start up to which the hash is removed. */
    static final RedisScript REMOVE =
            new RedisScript(
                    "window-hash-remove",
                    """
                    local stored = redis.call('HGET', KEYS[1], 'window_start')
                    if stored and stored > ARGV[1] then return 0 end
                    redis.call('DEL', KEYS[1])
                    return 1
                    """);

    private WindowHashScripts() {}

    /**
     * Replaces the hash of a window.
     *
     * @param key the Redis key
     * @param windowStartMs start of the window, epoch ms; the same instant as the first value
     * @param events impressions + clicks + conversions
     * @param expireAtMs when the key goes by itself, epoch ms
     * @param values the values of {@link #FIELDS}, UTF-8; {@code window_start} as ISO-8601 UTC of
     *     fixed width, since the server compares it as text
     */
    public static RedisWrite row(
            String key, long windowStartMs, long events, long expireAtMs, byte[]... values) {
        return new RedisWrite(ROW, key, windowStartMs, events, arguments(expireAtMs, values));
    }

    /**
     * Replaces the hash of a window that is open. A write that was held up for long and comes when
     * its window has ended changes nothing.
     *
     * @param endedKey the Redis key of the newest window that has ended, a hash of the same kind
     * @see #row
     */
    public static RedisWrite openRow(
            String key,
            String endedKey,
            long windowStartMs,
            long events,
            long expireAtMs,
            byte[]... values) {
        return new RedisWrite(
                OPEN_ROW, key, windowStartMs, events, arguments(expireAtMs, values), endedKey);
    }

    private static byte[][] arguments(long expireAtMs, byte[][] values) {
        if (values.length != FIELDS.size()) {
            throw new IllegalArgumentException(
                    "A window hash has " + FIELDS.size() + " fields, not " + values.length);
        }
        byte[][] args = new byte[values.length + 1][];
        args[0] = Long.toString(expireAtMs).getBytes(UTF_8);
        System.arraycopy(values, 0, args, 1, values.length);
        return args;
    }

    /**
     * Removes the hash while it holds this window or an older one.
     *
     * @param key the Redis key
     * @param windowStartMs start of the window, epoch ms
     * @param windowStart the same as text, as the hash has it
     */
    public static RedisWrite remove(String key, long windowStartMs, String windowStart) {
        // No row of this window may take the place of its removal while both wait in the sink.
        return new RedisWrite(
                REMOVE,
                key,
                windowStartMs,
                Long.MAX_VALUE,
                new byte[][] {windowStart.getBytes(UTF_8)});
    }
}
