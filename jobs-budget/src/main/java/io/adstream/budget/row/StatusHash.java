package io.adstream.budget.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.money.Micros;
import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import java.time.Duration;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Redis hash {@code campaign:{id}:status}. What is absent is the empty text. It is written anew
 * every few seconds by the one subtask that keeps the campaign's account, so it needs no guard.
 */
public final class StatusHash implements RedisWriteFactory<CampaignStatus> {

    private static final long serialVersionUID = 1L;

    /** As the counters': of a campaign that is gone nothing stays for ever. */
    private static final long TTL_MILLIS = Duration.ofDays(3).toMillis();

    /** ARGV: life in ms, then the values of the fields. */
    private static final RedisScript WRITE =
            new RedisScript(
                    "campaign-status",
                    """
                    redis.call('HSET', KEYS[1], 'status', ARGV[2], 'cause', ARGV[3],
                      'budget_date', ARGV[4], 'usage', ARGV[5], 'remaining', ARGV[6],
                      'rate', ARGV[7], 'updated_at', ARGV[8])
                    redis.call('PEXPIRE', KEYS[1], ARGV[1])
                    return 1
                    """);

    @Override
    public void writes(CampaignStatus status, Consumer<RedisWrite> out) {
        byte[][] args = {
            bytes(Long.toString(TTL_MILLIS)),
            bytes(status.status()),
            bytes(status.cause() == null ? "" : status.cause()),
            bytes(LocalDate.ofEpochDay(status.budgetDate()).toString()),
            micros(status.usage()),
            micros(status.remaining()),
            micros(status.rate()),
            bytes(EventTimes.format(status.updatedAt()))
        };
        String key = "campaign:" + status.campaignId() + ":status";
        out.accept(new RedisWrite(WRITE, key, status.updatedAt(), 0, args));
    }

    private static byte[] micros(@Nullable Long micros) {
        return bytes(micros == null ? "" : Micros.format(micros));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
