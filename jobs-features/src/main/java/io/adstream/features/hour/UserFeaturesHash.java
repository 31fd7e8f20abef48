package io.adstream.features.hour;

import io.adstream.common.money.Micros;
import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import io.adstream.features.HashWrites;
import java.util.function.Consumer;

/**
 * The Redis hash {@code user_features:{user_id}}: the newest hour that has ended. It is replaced by
 * a newer hour, or by the same with at least as many events counted; it goes when a newer hour has
 * nothing in it.
 */
public final class UserFeaturesHash implements RedisWriteFactory<UserFeatures> {

    private static final long serialVersionUID = 1L;

    /** ARGV: expiry in epoch ms, user_id, window_end, views, carts, purchases, average price. */
    private static final RedisScript WRITE =
            new RedisScript(
                    "user-features",
                    """
                    local k = KEYS[1]
                    local left = redis.call('PTTL', k)
                    local s = redis.call('HMGET', k, 'window_end', 'view_count_1h', 'cart_count_1h', 'purchase_count_1h')
                    if s[1] then
                      if s[1] > ARGV[3] then return 0 end
                      if s[1] == ARGV[3] then
                        local stored = (tonumber(s[2]) or 0) + (tonumber(s[3]) or 0) + (tonumber(s[4]) or 0)
                        if stored > ARGV[4] + ARGV[5] + ARGV[6] then return 0 end
                      end
                    end
                    if redis.call('HLEN', k) ~= 6 then redis.call('DEL', k) end
                    redis.call('HSET', k, 'user_id', ARGV[2], 'window_end', ARGV[3], 'view_count_1h', ARGV[4],
                      'cart_count_1h', ARGV[5], 'purchase_count_1h', ARGV[6], 'avg_viewed_price_1h', ARGV[7])
                    """
                            + HashWrites.LIVE_AT_LEAST_AS_LONG);

    /** ARGV: the window_end of the hour in which nothing happened. */
    private static final RedisScript REMOVE =
            new RedisScript(
                    "user-features-remove",
                    """
                    local stored = redis.call('HGET', KEYS[1], 'window_end')
                    if stored and stored >= ARGV[1] then return 0 end
                    redis.call('DEL', KEYS[1])
                    return 1
                    """);

    @Override
    public void writes(UserFeatures row, Consumer<RedisWrite> out) {
        if (!row.newest()) {
            return;
        }
        String key = "user_features:" + row.userId();
        String end = EventTimes.format(row.windowEnd());
        out.accept(
                row.isEmpty()
                        ? new RedisWrite(REMOVE, key, row.windowEnd(), 0, HashWrites.arguments(end))
                        : new RedisWrite(
                                WRITE,
                                key,
                                row.windowEnd(),
                                row.rank(),
                                HashWrites.arguments(
                                        Long.toString(row.expiresAt()),
                                        row.userId(),
                                        end,
                                        Integer.toString(row.views()),
                                        Integer.toString(row.carts()),
                                        Integer.toString(row.purchases()),
                                        Micros.format(row.averagePrice()))));
    }
}
