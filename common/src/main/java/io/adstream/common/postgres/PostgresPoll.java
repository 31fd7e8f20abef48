package io.adstream.common.postgres;

import io.adstream.common.store.IoWatch;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one query again and again over one connection. A server that is away is asked again the next
 * time; the log says when it goes away and when it is back.
 *
 * @param <T> what a row becomes
 */
public final class PostgresPoll<T> implements AutoCloseable {

    /** Makes an element of a row. */
    @FunctionalInterface
    public interface RowReader<T> extends Serializable {
        T read(ResultSet row) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(PostgresPoll.class);

    private final PostgresConnectionConfig config;
    private final String sql;
    private final RowReader<T> reader;
    private final IoWatch watch;
    private @Nullable Connection connection;
    private boolean away;

    /**
     * Connects when it is used.
     *
     * @param threadName name of the thread that ends I/O which takes too long
     */
    public PostgresPoll(
            PostgresConnectionConfig config, String sql, RowReader<T> reader, String threadName) {
        this.config = config;
        this.sql = sql;
        this.reader = reader;
        this.watch = new IoWatch(threadName);
    }

    /** The rows, or null while the server is away or refuses. */
    public @Nullable List<T> rows() {
        try {
            Connection open = connection;
            if (open == null) {
                open = PostgresConnections.open(config);
                connection = open;
            }
            List<T> rows = query(open);
            if (away) {
                away = false;
                LOG.info("{} answers again", config.address());
            }
            return rows;
        } catch (SQLException e) {
            if (!away) {
                away = true;
                LOG.warn(
                        "{} does not answer \"{}\": {}. What is known stays in force.",
                        config.address(),
                        sql,
                        e.getMessage());
            }
            disconnect();
            return null;
        }
    }

    private List<T> query(Connection open) throws SQLException {
        watch.begin(config.timeout(), () -> PostgresConnections.abort(open));
        try (PreparedStatement statement = open.prepareStatement(sql);
                ResultSet found = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (found.next()) {
                rows.add(reader.read(found));
            }
            return rows;
        } finally {
            watch.end();
        }
    }

    private void disconnect() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            PostgresConnections.abort(open);
        }
    }

    @Override
    public void close() {
        disconnect();
        watch.close();
    }
}
