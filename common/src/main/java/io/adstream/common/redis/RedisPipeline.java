package io.adstream.common.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.store.IoWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** One connection that runs many scripts in one round trip. Connects when it is used. */
final class RedisPipeline implements AutoCloseable {

    private static final byte[] ONE_KEY = {'1'};
    private static final byte[] TWO_KEYS = {'2'};
    private static final byte[] LOAD = "LOAD".getBytes(UTF_8);

    private final RedisConnectionConfig config;
    private final IoWatch watch;
    private final Duration limit;
    private final Set<RedisScript> loaded = new HashSet<>();
    private @Nullable Connection connection;

    RedisPipeline(RedisConnectionConfig config, String threadName) {
        this.config = config;
        this.watch = new IoWatch(threadName);
        this.limit = config.timeout().multipliedBy(5);
    }

    /**
     * Sends the writes and reads every reply.
     *
     * @return the replies in order: a {@link Long}, or an exception that is an error reply
     * @throws IOException if the configuration cannot be used
     * @throws redis.clients.jedis.exceptions.JedisException if the server is away, or refuses the
     *     connection or a script; what became of the writes is then not known
     */
    List<Object> send(List<RedisWrite> writes) throws IOException {
        Connection open = connection;
        if (open == null) {
            open = RedisConnections.open(config);
            connection = open;
        }
        watch.begin(limit, disconnecting(open));
        try {
            for (RedisWrite write : writes) {
                if (loaded.add(write.script())) {
                    open.sendCommand(Command.SCRIPT, LOAD, write.script().source());
                    open.getOne();
                }
            }
            for (RedisWrite write : writes) {
                open.sendCommand(Command.EVALSHA, arguments(write));
            }
            return open.getMany(writes.size());
        } finally {
            watch.end();
        }
    }

    /** Whether there is a connection; it may have ended meanwhile. */
    boolean isConnected() {
        return connection != null;
    }

    /** Loads every script again before it is used next. */
    void forgetScripts() {
        loaded.clear();
    }

    /** Gives the connection up; the next writes open another one. */
    void disconnect() {
        loaded.clear();
        Connection open = connection;
        connection = null;
        if (open != null) {
            RedisConnections.close(open);
        }
    }

    @Override
    public void close() {
        disconnect();
        watch.close();
    }

    private static Runnable disconnecting(Connection open) {
        return () -> RedisConnections.close(open);
    }

    private static byte[][] arguments(RedisWrite write) {
        byte[][] args = write.args();
        String also = write.also();
        int keys = also == null ? 1 : 2;
        byte[][] all = new byte[2 + keys + args.length][];
        all[0] = write.script().sha1();
        all[1] = also == null ? ONE_KEY : TWO_KEYS;
        all[2] = write.key().getBytes(UTF_8);
        if (also != null) {
            all[3] = also.getBytes(UTF_8);
        }
        System.arraycopy(args, 0, all, 2 + keys, args.length);
        return all;
    }
}
