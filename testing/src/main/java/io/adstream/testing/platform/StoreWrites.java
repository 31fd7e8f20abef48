package io.adstream.testing.platform;

import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** Writes to PostgreSQL and Redis: each write for itself, or many together. */
final class StoreWrites implements AutoCloseable {

    private final TestDatabase database;
    private final RedisServer redis;
    private @Nullable Connection connection;
    private @Nullable Together together;

    StoreWrites(TestDatabase database, RedisServer redis) {
        this.database = database;
        this.redis = redis;
    }

    /** What waits to be written: a batch per statement, in one transaction, and a pipeline. */
    private record Together(
            Connection connection,
            Map<String, PreparedStatement> batches,
            AbstractPipeline pipeline) {}

    /** One transaction and one pipeline for all that is written meanwhile. */
    synchronized void together(Runnable writes) {
        Connection open = connected();
        try (Jedis client = redis.connect();
                AbstractPipeline pipeline = client.pipelined()) {
            Together gathered = new Together(open, new LinkedHashMap<>(), pipeline);
            open.setAutoCommit(false);
            together = gathered;
            writes.run();
            for (PreparedStatement batch : gathered.batches.values()) {
                batch.executeBatch();
                batch.close();
            }
            open.commit();
            pipeline.sync();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused what was written together", e);
        } finally {
            together = null;
            oneByOne(open);
        }
    }

    private static void oneByOne(Connection open) {
        try {
            open.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL is gone", e);
        }
    }

    synchronized void hash(String key, Map<String, String> fields) {
        Together gathered = together;
        if (gathered != null) {
            gathered.pipeline.hset(key, fields);
            return;
        }
        try (Jedis client = redis.connect()) {
            client.hset(key, fields);
        }
    }

    synchronized void append(String stream, Map<String, String> fields) {
        Together gathered = together;
        if (gathered != null) {
            gathered.pipeline.xadd(stream, StreamEntryID.NEW_ENTRY, fields);
            return;
        }
        try (Jedis client = redis.connect()) {
            client.xadd(stream, StreamEntryID.NEW_ENTRY, fields);
        }
    }

    synchronized void update(String sql, @Nullable Object... values) {
        Together gathered = together;
        try {
            if (gathered != null) {
                PreparedStatement batch = gathered.batches.get(sql);
                if (batch == null) {
                    batch = gathered.connection.prepareStatement(sql);
                    gathered.batches.put(sql, batch);
                }
                set(batch, values);
                batch.addBatch();
                return;
            }
            try (PreparedStatement statement = connected().prepareStatement(sql)) {
                set(statement, values);
                statement.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + sql, e);
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... values)
            throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            statement.setObject(i + 1, value instanceof Instant at ? Timestamp.from(at) : value);
        }
    }

    private synchronized Connection connected() {
        Connection open = connection;
        if (open == null) {
            open = database.connect();
            connection = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                throw new IllegalStateException("PostgreSQL cannot be left", e);
            }
        }
    }
}
