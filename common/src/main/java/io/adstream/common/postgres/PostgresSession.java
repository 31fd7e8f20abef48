package io.adstream.common.postgres;

import io.adstream.common.store.IoWatch;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One connection that writes batches of one table. Connects when it is used. */
final class PostgresSession<T> implements AutoCloseable {

    private final PostgresConnectionConfig config;
    private final PostgresTable<T> table;
    private final IoWatch watch;
    private final Duration limit;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement insert;
    private @Nullable PreparedStatement delete;

    PostgresSession(PostgresConnectionConfig config, PostgresTable<T> table, String threadName) {
        this.config = config;
        this.table = table;
        this.watch = new IoWatch(threadName);
        this.limit = config.timeout().multipliedBy(2);
    }

    /**
     * Writes the rows in one transaction; those that are removed before, in one of their own.
     *
     * @return how many were inserted or replaced; the others met a newer stored row
     */
    int write(List<T> rows) throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = PostgresConnections.open(config);
            connection = open;
        }
        watch.begin(limit, aborting(open));
        try {
            if (table.preparation != null) {
                table.preparation.prepare(open, rows);
            }
            if (table.removal == null) {
                return execute(inserting(open), open, rows);
            }
            Map<Boolean, List<T>> removed =
                    rows.stream().collect(Collectors.partitioningBy(table.removal::removes));
            int written = 0;
            if (!removed.get(true).isEmpty()) {
                written += execute(deleting(open), open, removed.get(true));
            }
            if (!removed.get(false).isEmpty()) {
                written += execute(inserting(open), open, removed.get(false));
            }
            return written;
        } finally {
            watch.end();
        }
    }

    private PreparedStatement inserting(Connection open) throws SQLException {
        PreparedStatement statement = insert;
        if (statement == null) {
            statement = open.prepareStatement(table.sql());
            insert = statement;
        }
        return statement;
    }

    private PreparedStatement deleting(Connection open) throws SQLException {
        PreparedStatement statement = delete;
        if (statement == null) {
            statement = open.prepareStatement(table.removalSql);
            delete = statement;
        }
        return statement;
    }

    private int execute(PreparedStatement statement, Connection open, List<T> rows)
            throws SQLException {
        List<Array> arrays = new ArrayList<>(table.columns.size());
        for (PostgresColumn<T> column : table.columns) {
            Array array = column.toArray(open, rows);
            arrays.add(array);
            statement.setArray(arrays.size(), array);
        }
        int written = statement.executeUpdate();
        statement.clearParameters();
        for (Array array : arrays) {
            array.free();
        }
        return written;
    }

    /** Gives the connection up; the next rows open another one. */
    void disconnect() {
        Connection open = connection;
        connection = null;
        insert = null;
        delete = null;
        if (open != null) {
            aborting(open).run();
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        insert = null;
        delete = null;
        watch.close();
        if (open != null) {
            PostgresConnections.close(open);
        }
    }

    private static Runnable aborting(Connection open) {
        return () -> PostgresConnections.abort(open);
    }
}
