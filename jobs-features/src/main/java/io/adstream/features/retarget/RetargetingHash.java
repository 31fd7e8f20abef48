package io.adstream.features.retarget;

import io.adstream.common.json.JsonObject;
import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import io.adstream.features.HashWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The Redis hash {@code retargeting:{user_id}}: the newest signal in force as fields, all of them
 * as JSON in {@code signals}. It goes with the last signal, and is replaced by what is as new, by
 * its {@code version}.
 */
public final class RetargetingHash implements RedisWriteFactory<RetargetingRow> {

    private static final long serialVersionUID = 1L;

    /** ARGV: expiry in epoch ms, then version behind its name, then other fields. */
    private static final RedisScript WRITE =
            new RedisScript(
                    "retargeting",
                    """
                    local k = KEYS[1]
                    local stored = redis.call('HGET', k, 'version')
                    if stored then
                      if tonumber(stored) > tonumber(ARGV[3]) then return 0 end
                      redis.call('DEL', k)
                    end
                    redis.call('HSET', k, unpack(ARGV, 2))
                    redis.call('PEXPIREAT', k, ARGV[1])
                    return 1
                    """);

    /** ARGV: the version up to which the hash goes. */
    private static final RedisScript REMOVE =
            new RedisScript(
                    "retargeting-remove",
                    """
                    local stored = redis.call('HGET', KEYS[1], 'version')
                    if stored and tonumber(stored) > tonumber(ARGV[1]) then return 0 end
                    redis.call('DEL', KEYS[1])
                    return 1
                    """);

    @Override
    public void writes(RetargetingRow row, Consumer<RedisWrite> out) {
        String key = "retargeting:" + row.userId();
        String version = Long.toString(row.version());
        if (row.signals().isEmpty()) {
            out.accept(
                    new RedisWrite(REMOVE, key, row.version(), 0, HashWrites.arguments(version)));
            return;
        }
        Signal newest = row.signals().get(0);
        List<String> texts = new ArrayList<>(16);
        texts.add(Long.toString(row.expiresAt()));
        add(texts, "version", version);
        add(texts, "user_id", row.userId());
        add(texts, "signal_id", newest.id());
        add(texts, "signal", newest.type().name());
        add(texts, "expires_at", EventTimes.format(newest.expiresAt()));
        if (newest.product() != null) {
            add(texts, "product_id", newest.product());
        }
        add(
                texts,
                "signals",
                row.signals().stream()
                        .map(RetargetingHash::json)
                        .collect(Collectors.joining(",", "[", "]")));
        out.accept(new RedisWrite(WRITE, key, row.version(), 0, HashWrites.arguments(texts)));
    }

    private static void add(List<String> texts, String field, String value) {
        texts.add(field);
        texts.add(value);
    }

    private static String json(Signal signal) {
        return new JsonObject(180)
                .text("signal_id", signal.id())
                .text("signal", signal.type().name())
                .text("product_id", signal.product())
                .time("at", signal.at())
                .time("expires_at", signal.expiresAt())
                .toString();
    }
}
