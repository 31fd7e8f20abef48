package io.adstream.common.redis;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/** Runs scripts for their replies, over one connection. Does not wait for a server that is away. */
public final class RedisQueries implements AutoCloseable {

    private final RedisConnectionConfig config;
    private final RedisPipeline pipeline;

    /**
     * Connects when it is used.
     *
     * @param threadName name of the thread that ends I/O which takes too long
     */
    public RedisQueries(RedisConnectionConfig config, String threadName) {
        this.config = config;
        this.pipeline = new RedisPipeline(config, threadName);
    }

    /**
     * Runs scripts that read, in one round trip. A connection may have ended since it was used
     * last, with its server or as one that was silent for long: it says so at once, and they are
     * run over another one. A server that takes long is not asked again.
     *
     * @param queries each a script, its key and its arguments; versions do not matter
     * @return the replies in order: a {@link Long}, bytes, a list of these, or null
     * @throws IOException if the server is away or refuses one of them
     */
    public List<@Nullable Object> read(List<RedisWrite> queries) throws IOException {
        boolean connected = pipeline.isConnected();
        long start = System.nanoTime();
        try {
            return run(queries);
        } catch (IOException e) {
            boolean ended = connected && !pipeline.isConnected();
            boolean atOnce = System.nanoTime() - start < config.timeout().toNanos() / 2;
            if (!ended || !atOnce || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return run(queries);
        }
    }

    /**
     * Runs scripts in one round trip, once more where the server has forgotten one of them.
     *
     * @param queries each a script, its key and its arguments; versions do not matter
     * @return the replies in order: a {@link Long}, bytes, a list of these, or null
     * @throws IOException if the server is away, when it is not known whether they have run, or
     *     refuses one of them
     */
    public List<@Nullable Object> run(List<RedisWrite> queries) throws IOException {
        List<Object> replies = attempt(queries);
        if (replies.stream().anyMatch(RedisQueries::scriptGone)) {
            pipeline.forgetScripts();
            replies = attempt(queries);
        }
        for (Object reply : replies) {
            if (reply instanceof JedisException refused) {
                throw new IOException(config.address() + ": " + refused.getMessage(), refused);
            }
        }
        @SuppressWarnings("NullAway")
        List<@Nullable Object> answers = replies;
        return answers;
    }

    private List<Object> attempt(List<RedisWrite> queries) throws IOException {
        try {
            return pipeline.send(queries);
        } catch (JedisException e) {
            pipeline.disconnect();
            throw new IOException(config.address() + ": " + e.getMessage(), e);
        }
    }

    private static boolean scriptGone(Object reply) {
        return reply instanceof JedisException e
                && String.valueOf(e.getMessage()).startsWith(RedisFault.NOSCRIPT);
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
