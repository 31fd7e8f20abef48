package io.adstream.metrics.row;

import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.redis.WindowHashScripts;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Redis hashes of the metrics job: {@code {ad|campaign|advertiser}:{id}:metrics:{1m|5m|1h}} for
 * the newest closed window, and the same key with {@code :live} for the one that is open.
 *
 * <p>What is live is never a window that has ended: it is replaced by the next one that is open, or
 * removed where there is none.
 */
public final class MetricsHash implements RedisWriteFactory<MetricsRow> {

    private static final long serialVersionUID = 1L;

    private static final String LIVE = ":live";

    private transient @Nullable HashText text;

    @Override
    public void writes(MetricsRow row, Consumer<RedisWrite> out) {
        HashText texts = text;
        if (texts == null) {
            texts = new HashText();
            text = texts;
        }
        HashText.Time start = texts.minute(row.windowStart());
        switch (row.kind()) {
            case LIVE -> {
                String closed = key(row, "");
                out.accept(
                        WindowHashScripts.openRow(
                                closed + LIVE,
                                closed,
                                row.windowStart(),
                                row.events(),
                                row.expiresAt(),
                                values(row, start, texts)));
            }
            case LIVE_ENDED ->
                    out.accept(
                            WindowHashScripts.remove(
                                    key(row, LIVE), row.windowStart(), start.text()));
            case CLOSED, SERVED_AGAIN -> {
                if (row.isServed()) {
                    out.accept(
                            WindowHashScripts.row(
                                    key(row, ""),
                                    row.windowStart(),
                                    row.events(),
                                    row.expiresAt(),
                                    values(row, start, texts)));
                }
            }
        }
    }

    /** Key of the newest closed window, and what follows it. */
    private static String key(MetricsRow row, String suffix) {
        return row.entityType().redisPrefix()
                + ':'
                + row.entityId()
                + ":metrics:"
                + row.size().label()
                + suffix;
    }

    private static byte[][] values(MetricsRow row, HashText.Time start, HashText texts) {
        return new byte[][] {
            start.bytes(),
            texts.minute(row.windowEnd()).bytes(),
            HashText.number(row.impressions()),
            HashText.number(row.clicks()),
            HashText.number(row.conversions()),
            HashText.micros(row.totalCost()),
            HashText.micros(row.totalRevenue()),
            HashText.micros(row.ctr()),
            HashText.micros(row.cvr()),
            HashText.micros(row.cpc()),
            HashText.number(row.revision()),
            texts.moment(row.updatedAt())
        };
    }
}
