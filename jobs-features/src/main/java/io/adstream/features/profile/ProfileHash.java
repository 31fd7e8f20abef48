package io.adstream.features.profile;

import io.adstream.common.json.JsonObject;
import io.adstream.common.money.Micros;
import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import io.adstream.features.HashWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The Redis hash {@code user_profile:{user_id}}: written whole, replaced by a profile of a newer
 * event, or of the same with at least as much engagement (of one moment more events make more).
 */
public final class ProfileHash implements RedisWriteFactory<ProfileRow> {

    private static final long serialVersionUID = 1L;

    /** ARGV: expiry in epoch ms, then updated_at and engagement_score behind their names. */
    private static final RedisScript WRITE =
            new RedisScript(
                    "user-profile",
                    """
                    local k = KEYS[1]
                    local s = redis.call('HMGET', k, 'updated_at', 'engagement_score')
                    if s[1] then
                      if s[1] > ARGV[3] then return 0 end
                      if s[1] == ARGV[3] and (tonumber(s[2]) or 0) > tonumber(ARGV[5]) then return 0 end
                      redis.call('DEL', k)
                    end
                    redis.call('HSET', k, unpack(ARGV, 2))
                    redis.call('PEXPIREAT', k, ARGV[1])
                    return 1
                    """);

    /** ARGV: the updated_at up to which the profile goes. */
    private static final RedisScript REMOVE =
            new RedisScript(
                    "user-profile-remove",
                    """
                    local stored = redis.call('HGET', KEYS[1], 'updated_at')
                    if stored and stored > ARGV[1] then return 0 end
                    redis.call('DEL', KEYS[1])
                    return 1
                    """);

    @Override
    public void writes(ProfileRow row, Consumer<RedisWrite> out) {
        String key = "user_profile:" + row.userId();
        String updatedAt = EventTimes.format(row.updatedAt());
        if (row.isOver()) {
            out.accept(
                    new RedisWrite(
                            REMOVE,
                            key,
                            row.updatedAt(),
                            Long.MAX_VALUE,
                            HashWrites.arguments(updatedAt)));
            return;
        }
        List<String> texts = new ArrayList<>(7 + 2 * row.interests().size());
        texts.add(Long.toString(row.expiresAt()));
        texts.add("updated_at");
        texts.add(updatedAt);
        texts.add("engagement_score");
        texts.add(Micros.format(row.engagementScore()));
        texts.add("top_categories");
        texts.add(JsonObject.textOf(row.topCategories()));
        for (ProfileRow.Interest interest : row.interests()) {
            texts.add("interest:" + interest.category());
            texts.add(Micros.format(interest.value()));
        }
        out.accept(
                new RedisWrite(
                        WRITE,
                        key,
                        row.updatedAt(),
                        row.engagementScore(),
                        HashWrites.arguments(texts)));
    }
}
