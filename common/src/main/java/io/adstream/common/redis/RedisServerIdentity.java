package io.adstream.common.redis;

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
    private @Nullable Connection connection;

    /** Does not connect yet. */
    public RedisServerIdentity(RedisConnectionConfig config) {
        this.config = config;
    }

    /** The {@code run_id} of the server, or null while it does not answer. */
    public @Nullable String runId() {
        try {
            if (connection == null) {
                connection = RedisConnections.open(config);
            }
            connection.sendCommand(Command.INFO, "server");
            String runId =
                    connection
                            .getBulkReply()
                            .lines()
                            .filter(line -> line.startsWith(FIELD))
                            .map(line -> line.substring(FIELD.length()).strip())
                            .findFirst()
                            .orElse(null);
            return runId;
        } catch (JedisException | IOException e) {
            LOG.debug("{} does not tell its run_id", config.address(), e);
            close();
            return null;
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            RedisConnections.close(open);
        }
    }
}
