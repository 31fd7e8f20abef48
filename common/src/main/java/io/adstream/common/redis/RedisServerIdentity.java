package io.adstream.common.redis;

import io.adstream.common.store.IoWatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Asks a Redis which one it is: its {@code run_id}, which is another one after every start of the
 * server, also after one that lost all keys.
 */
public final class RedisServerIdentity implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisServerIdentity.class);
    private static final String FIELD = "run_id:";

    private final RedisConnectionConfig config;
    private final IoWatch watch = new IoWatch("redis-identity-watch");
    private @Nullable Connection connection;

    /** Does not connect yet. */
    public RedisServerIdentity(RedisConnectionConfig config) {
        this.config = config;
    }

    /**
     * The {@code run_id} of the server, or null while it does not answer. An interrupt of the
     * thread ends the waiting for it.
     */
    public @Nullable String runId() {
        try {
            Connection open = connection;
            if (open == null) {
                open = RedisConnections.open(config);
                connection = open;
            }
            return ask(open);
        } catch (JedisException | IOException e) {
            LOG.debug("{} does not tell its run_id", config.address(), e);
            disconnect();
            return null;
        }
    }

    private @Nullable String ask(Connection open) {
        watch.begin(config.timeout().multipliedBy(2), () -> RedisConnections.close(open));
        try {
            open.sendCommand(Command.INFO, "server");
            return open.getBulkReply()
                    .lines()
                    .filter(line -> line.startsWith(FIELD))
                    .map(line -> line.substring(FIELD.length()).strip())
                    .findFirst()
                    .orElse(null);
        } finally {
            watch.end();
        }
    }

    private void disconnect() {
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
}
