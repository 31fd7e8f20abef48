package io.adstream.budget.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How counters {@code budget:{campaign_id}:{yyyy-MM-dd}:spent} are read and corrected.
 *
 * <p>Beside a counter, in {@code budget:{campaign_id}:{yyyy-MM-dd}:synced} ({@code KEYS[2]}),
 * stands the cut of its latest correction. A correction is made where that is still what its sample
 * found, so it is never made twice, nor on top of another one that its sample did not know. It adds
 * a difference: spend that arrives meanwhile is kept.
 */
public final class CounterScripts implements RedisWriteFactory<CounterCorrection> {

    private static final long serialVersionUID = 1L;

    /** How long a counter lives. */
    public static final Duration TTL = Duration.ofDays(3);

    /** The reply where a counter holds something else than a number. */
    public static final String UNREADABLE = "?";

    private static final String SPENT = ":spent";
    private static final byte[] TTL_MILLIS = bytes(Long.toString(TTL.toMillis()));

    /** ARGV: life in ms. Replies with counter and version; sees to it that the counter expires. */
    private static final RedisScript SAMPLE =
            new RedisScript(
                    "budget-counter-sample",
                    """
                    local kind = redis.call('TYPE', KEYS[1]).ok
                    if kind == 'none' then return {false, ''} end
                    if kind ~= 'string' then return {'?', ''} end
                    if redis.call('PTTL', KEYS[1]) == -1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
                    return {redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]) or ''}
                    """);

    /** ARGV: life in ms, cut, value. Sets a counter that is absent. */
    private static final RedisScript SEED =
            new RedisScript(
                    "budget-counter-seed",
                    """
                    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
                    redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[1])
                    redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[1])
                    return 1
                    """);

    /**
     * ARGV: life in ms, cut, difference, version, counter at the cut. A counter below what it was
     * at the cut is another one: its Redis was lost meanwhile.
     */
    private static final RedisScript CORRECT =
            new RedisScript(
                    "budget-counter-correct",
                    """
                    if redis.call('TYPE', KEYS[1]).ok ~= 'string' then return 0 end
                    if (redis.call('GET', KEYS[2]) or '') ~= ARGV[4] then return 0 end
                    if tonumber(redis.call('GET', KEYS[1])) < tonumber(ARGV[5]) then return 0 end
                    local done = redis.pcall('INCRBY', KEYS[1], ARGV[3])
                    if type(done) == 'table' then return 0 end
                    redis.call('PEXPIRE', KEYS[1], ARGV[1])
                    redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[1])
                    return 1
                    """);

    /** The Redis key of a counter. */
    public static String key(String campaignId, long date) {
        return "budget:" + campaignId + ":" + LocalDate.ofEpochDay(date) + SPENT;
    }

    /** Reads a counter and its version. */
    public static RedisWrite sample(String campaignId, long date) {
        return write(SAMPLE, key(campaignId, date), TTL_MILLIS);
    }

    /**
     * What a sample found.
     *
     * @param reply the script's reply
     * @return counter (null where absent) and version, or null where the counter is no number
     */
    public static @Nullable Found read(@Nullable Object reply) {
        if (!(reply instanceof List<?> parts) || parts.size() != 2) {
            return null;
        }
        String version = text(parts.get(1));
        String counter = text(parts.get(0));
        if (parts.get(0) == null) {
            return new Found(null, "");
        }
        try {
            return counter == null
                    ? null
                    : new Found(Long.valueOf(counter), version == null ? "" : version);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Makes a correction. */
    public static RedisWrite correction(CounterCorrection change) {
        String key = key(change.campaignId(), change.date());
        byte[] cut = bytes(Long.toString(change.cut()));
        byte[] amount = bytes(Long.toString(change.amount()));
        Long counter = change.counter();
        return counter == null
                ? write(SEED, key, TTL_MILLIS, cut, amount)
                : write(
                        CORRECT,
                        key,
                        TTL_MILLIS,
                        cut,
                        amount,
                        bytes(change.version()),
                        bytes(Long.toString(counter)));
    }

    private static RedisWrite write(RedisScript script, String key, byte[]... args) {
        String synced = key.substring(0, key.length() - SPENT.length()) + ":synced";
        return new RedisWrite(script, key, 0, 0, args, synced);
    }

    @Override
    public void writes(CounterCorrection change, Consumer<RedisWrite> out) {
        out.accept(correction(change));
    }

    /**
     * A counter as a sample found it.
     *
     * @param counter micros; null where there was none
     * @param version which correction it has had last
     */
    public record Found(@Nullable Long counter, String version) {}

    private static @Nullable String text(@Nullable Object part) {
        return part instanceof byte[] found ? new String(found, UTF_8) : null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
