package io.adstream.metrics.row;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.adstream.common.money.Micros;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.redis.WindowHashScripts;
import io.adstream.common.time.EventTimes;
import java.util.function.Consumer;

/**
 * The Redis hashes of the metrics job: {@code {ad|campaign|advertiser}:{id}:metrics:{1m|5m|1h}} for
 * the newest closed window, and the same key with {@code :live} for the one that is open.
 *
 * <p>Where a window is closed its live value is removed: what is live is never a window that has
 * ended.
 */
public final class MetricsHash implements RedisWriteFactory<MetricsRow> {

    private static final long serialVersionUID = 1L;

    @Override
    public void writes(MetricsRow row, Consumer<RedisWrite> out) {
        String key = key(row);
        String windowStart = EventTimes.format(row.windowStart());
        if (row.kind() == MetricsRow.Kind.LIVE) {
            out.accept(write(key + ":live", row, windowStart));
            return;
        }
        out.accept(write(key, row, windowStart));
        if (row.kind() == MetricsRow.Kind.CLOSED) {
            out.accept(WindowHashScripts.remove(key + ":live", row.windowStart(), windowStart));
        }
    }

    /** Key of the newest closed window. */
    static String key(MetricsRow row) {
        return row.entityType().redisPrefix()
                + ':'
                + row.entityId()
                + ":metrics:"
                + row.size().label();
    }

    private static RedisWrite write(String key, MetricsRow row, String windowStart) {
        return WindowHashScripts.row(
                key,
                row.windowStart(),
                row.events(),
                row.expiresAt(),
                ascii(windowStart),
                ascii(EventTimes.format(row.windowEnd())),
                number(row.impressions()),
                number(row.clicks()),
                number(row.conversions()),
                ascii(Micros.format(row.totalCost())),
                ascii(Micros.format(row.totalRevenue())),
                ascii(Micros.format(row.ctr())),
                ascii(Micros.format(row.cvr())),
                ascii(Micros.format(row.cpc())),
                number(row.revision()),
                ascii(EventTimes.format(row.updatedAt())));
    }

    private static byte[] number(long value) {
        return ascii(Long.toString(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
