package io.adstream.attribution.hour;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.money.Micros;
import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import java.util.function.Consumer;

/**
 * The Redis hash {@code ad:{id}:attribution}: the rolling hour of an ad. {@code updated_at} is the
 * time up to which events are in it, so that what is stored is only replaced by what is as new; the
 * same hour always has the same values.
 */
public final class AdHourHash implements RedisWriteFactory<AdHour> {

    private static final long serialVersionUID = 1L;

    /** ARGV: expiry in epoch ms, updated_at, clicks, conversions, value, cvr. */
    private static final RedisScript WRITE =
            new RedisScript(
                    "attribution-hash",
                    """
                    local k = KEYS[1]
                    local stored = redis.call('HGET', k, 'updated_at')
                    if stored and stored > ARGV[2] then return 0 end
                    if redis.call('HLEN', k) ~= 5 then redis.call('DEL', k) end
                    redis.call('HSET', k, 'clicks', ARGV[3], 'attributed_conversions', ARGV[4],
                      'attributed_value', ARGV[5], 'cvr', ARGV[6], 'updated_at', ARGV[2])
                    redis.call('PEXPIREAT', k, ARGV[1])
                    return 1
                    """);

    /** ARGV: the updated_at up to which the hash is removed. */
    private static final RedisScript REMOVE =
            new RedisScript(
                    "attribution-hash-remove",
                    """
                    local stored = redis.call('HGET', KEYS[1], 'updated_at')
                    if stored and stored > ARGV[1] then return 0 end
                    redis.call('DEL', KEYS[1])
                    return 1
                    """);

    @Override
    public void writes(AdHour hour, Consumer<RedisWrite> out) {
        String key = "ad:" + hour.adId() + ":attribution";
        String updatedAt = EventTimes.format(hour.end());
        out.accept(
                hour.isEmpty()
                        ? write(REMOVE, key, hour, updatedAt)
                        : write(
                                WRITE,
                                key,
                                hour,
                                Long.toString(hour.expiresAt()),
                                updatedAt,
                                Long.toString(hour.clicks()),
                                Long.toString(hour.conversions()),
                                Micros.format(hour.value()),
                                Micros.format(hour.cvr())));
    }

    private static RedisWrite write(RedisScript script, String key, AdHour hour, String... args) {
        byte[][] bytes = new byte[args.length][];
        for (int i = 0; i < args.length; i++) {
            bytes[i] = args[i].getBytes(UTF_8);
        }
        return new RedisWrite(script, key, hour.end(), 0, bytes);
    }
}
