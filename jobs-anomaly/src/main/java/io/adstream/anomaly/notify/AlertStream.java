package io.adstream.anomaly.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.alert.Alert;
import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends alerts to the Redis stream {@code alerts:recent}, which holds the newest 1,000. Each is
 * appended once, however often it is sent: a key of its own, kept for a day, says that it is there.
 * An entry has the fields of the record of topic {@code alerts}, as text.
 */
public final class AlertStream implements RedisWriteFactory<RecentAlert> {

    /** The stream's key. */
    public static final String KEY = "alerts:recent";

    private static final long serialVersionUID = 1L;

    private static final int DECIMALS = 6;

    private static final RedisScript APPEND =
            new RedisScript(
                    "append-alert",
                    """
                    if redis.call('EXISTS', KEYS[2]) == 1 then
                      if not redis.call('SET', KEYS[1], '1', 'EX', 86400, 'NX') then
                        return 0
                      end
                    else
                      redis.call('SET', KEYS[1], '1', 'EX', 86400)
                    end
                    redis.call('XADD', KEYS[2], 'MAXLEN', 1000, '*', unpack(ARGV))
                    return 1
                    """);

    @Override
    public void writes(RecentAlert recent, Consumer<RedisWrite> out) {
        Alert alert = recent.alert();
        List<byte[]> fields = new ArrayList<>();
        add(fields, "alert_id", alert.alertId());
        add(fields, "rule_id", alert.ruleId());
        add(fields, "rule_version", String.valueOf(alert.ruleVersion()));
        add(fields, "severity", alert.severity().name());
        add(fields, "status", alert.status().name());
        add(fields, "entity_type", alert.entityType().name());
        add(fields, "entity_id", alert.entityId());
        Long windowStart = alert.windowStart();
        add(fields, "window_start", windowStart == null ? "" : EventTimes.format(windowStart));
        add(fields, "observed", number(alert.observed()));
        add(fields, "usual", number(alert.usual()));
        add(fields, "threshold", number(alert.threshold()));
        add(fields, "message", alert.message());
        add(fields, "sample_event_ids", String.join(",", alert.sampleEventIds()));
        add(fields, "at", EventTimes.format(alert.at()));
        out.accept(
                new RedisWrite(
                        APPEND,
                        "alerts:sent:" + recent.key(),
                        alert.at(),
                        0,
                        fields.toArray(new byte[0][]),
                        KEY));
    }

    private static void add(List<byte[]> fields, String name, String value) {
        fields.add(name.getBytes(UTF_8));
        fields.add(value.getBytes(UTF_8));
    }

    private static String number(@Nullable Double value) {
        return value == null
                ? ""
                : BigDecimal.valueOf(value)
                        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
