package io.adstream.features.session;

import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import io.adstream.features.HashWrites;
import java.util.function.Consumer;

/**
 * The Redis hashes {@code session_features:{user_id}:{start}} and {@code
 * ad_session_features:{user_id}:{start}}, start in epoch milliseconds: one closed session. It is
 * replaced by itself with at least as many events, and goes when it is part of another one.
 */
public final class SessionHash implements RedisWriteFactory<SessionRow> {

    private static final long serialVersionUID = 1L;

    /** ARGV: expiry in epoch ms, user_id, events, seconds, first and last time. */
    private static final RedisScript IN_SHOP =
            new RedisScript(
                    "session-features",
                    """
                    local k = KEYS[1]
                    local left = redis.call('PTTL', k)
                    local stored = tonumber(redis.call('HGET', k, 'event_count') or 0)
                    if stored > tonumber(ARGV[3]) then return 0 end
                    redis.call('HSET', k, 'user_id', ARGV[2], 'event_count', ARGV[3], 'duration_seconds', ARGV[4],
                      'session_start', ARGV[5], 'session_end', ARGV[6])
                    """
                            + HashWrites.LIVE_AT_LEAST_AS_LONG);

    /** ARGV: expiry in epoch ms, user_id, impressions, clicks, conversions, seconds. */
    private static final RedisScript WITH_ADS =
            new RedisScript(
                    "ad-session-features",
                    """
                    local k = KEYS[1]
                    local left = redis.call('PTTL', k)
                    local s = redis.call('HMGET', k, 'impressions', 'clicks', 'conversions')
                    local stored = (tonumber(s[1]) or 0) + (tonumber(s[2]) or 0) + (tonumber(s[3]) or 0)
                    if stored > ARGV[3] + ARGV[4] + ARGV[5] then return 0 end
                    redis.call('HSET', k, 'user_id', ARGV[2], 'impressions', ARGV[3], 'clicks', ARGV[4],
                      'conversions', ARGV[5], 'duration_seconds', ARGV[6])
                    """
                            + HashWrites.LIVE_AT_LEAST_AS_LONG);

    private static final RedisScript REMOVE =
            new RedisScript("session-remove", "redis.call('DEL', KEYS[1]) return 1");

    @Override
    public void writes(SessionRow row, Consumer<RedisWrite> out) {
        String key =
                (row.inShop() ? "session_features:" : "ad_session_features:")
                        + row.userId()
                        + ':'
                        + row.start();
        if (row.removed()) {
            // What waits in the sink for this key is older.
            out.accept(new RedisWrite(REMOVE, key, 0, Long.MAX_VALUE, new byte[0][]));
            return;
        }
        String expiry = Long.toString(row.expiresAt());
        String seconds = Long.toString(row.durationSeconds());
        out.accept(
                row.inShop()
                        ? new RedisWrite(
                                IN_SHOP,
                                key,
                                0,
                                row.rank(),
                                HashWrites.arguments(
                                        expiry,
                                        row.userId(),
                                        Long.toString(row.events()),
                                        seconds,
                                        EventTimes.format(row.start()),
                                        EventTimes.format(row.end())))
                        : new RedisWrite(
                                WITH_ADS,
                                key,
                                0,
                                row.rank(),
                                HashWrites.arguments(
                                        expiry,
                                        row.userId(),
                                        Integer.toString(row.first()),
                                        Integer.toString(row.second()),
                                        Integer.toString(row.third()),
                                        seconds)));
    }
}
