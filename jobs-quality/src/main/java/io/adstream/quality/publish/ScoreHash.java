package io.adstream.quality.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.redis.RedisScript;
import io.adstream.common.redis.RedisWrite;
import io.adstream.common.redis.RedisWriteFactory;
import io.adstream.common.time.EventTimes;
import io.adstream.quality.score.Refresh;
import io.adstream.quality.score.Score;
import java.util.function.Consumer;

/**
 * The Redis hash {@code ad:{id}:quality_score}: the newest score that was published. {@code
 * updated_at} is the refresh that it is of; what is stored is replaced by a later refresh, or by a
 * later score of the same, and goes with the ad.
 */
public final class ScoreHash implements RedisWriteFactory<Publication> {

    private static final long serialVersionUID = 1L;

    /** ARGV: updated_at, revision, score, base, previous, raw, category, rank, size. */
    private static final RedisScript WRITE =
            new RedisScript(
                    "quality-score-hash",
                    """
                    local k = KEYS[1]
                    local s = redis.call('HMGET', k, 'updated_at', 'revision')
                    if s[1] and (s[1] > ARGV[1]
                        or (s[1] == ARGV[1] and (tonumber(s[2]) or 0) > tonumber(ARGV[2]))) then
                      return 0
                    end
                    if redis.call('HLEN', k) ~= 9 then redis.call('DEL', k) end
                    redis.call('HSET', k, 'score', ARGV[3], 'base_score', ARGV[4],
                      'previous', ARGV[5], 'raw', ARGV[6], 'category', ARGV[7],
                      'category_rank', ARGV[8], 'category_size', ARGV[9],
                      'revision', ARGV[2], 'updated_at', ARGV[1])
                    return 1
                    """);

    /** ARGV: the updated_at up to which the hash is removed. */
    private static final RedisScript REMOVE =
            new RedisScript(
                    "quality-score-hash-remove",
                    """
                    local stored = redis.call('HGET', KEYS[1], 'updated_at')
                    if stored and stored > ARGV[1] then return 0 end
                    redis.call('DEL', KEYS[1])
                    return 1
                    """);

    @Override
    public void writes(Publication publication, Consumer<RedisWrite> out) {
        String updatedAt = EventTimes.format(publication.at());
        if (publication.kind() == Publication.Kind.GONE) {
            out.accept(write(REMOVE, publication, Long.MAX_VALUE, updatedAt));
            return;
        }
        Score score = publication.published();
        Refresh refresh = score.refresh();
        out.accept(
                write(
                        WRITE,
                        publication,
                        score.revision(),
                        updatedAt,
                        Integer.toString(score.revision()),
                        PlainNumber.text(score.score()),
                        PlainNumber.text(refresh.base()),
                        PlainNumber.text(refresh.previous()),
                        PlainNumber.text(refresh.raw()),
                        refresh.category(),
                        Integer.toString(score.rank()),
                        Integer.toString(score.size())));
    }

    private static RedisWrite write(
            RedisScript script, Publication publication, long revision, String... args) {
        byte[][] bytes = new byte[args.length][];
        for (int i = 0; i < args.length; i++) {
            bytes[i] = args[i].getBytes(UTF_8);
        }
        return new RedisWrite(
                script,
                "ad:" + publication.adId() + ":quality_score",
                publication.at(),
                revision,
                bytes);
    }
}
