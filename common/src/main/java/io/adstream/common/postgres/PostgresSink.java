package io.adstream.common.postgres;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes rows to a PostgreSQL table in batches, each batch one statement in one transaction, each
 * row an absolute value with a guard, so that a repeated or delayed one changes nothing. All rows
 * of a checkpoint are committed before it completes. While PostgreSQL is away, restarting, out of
 * connections or the table is locked, the sink waits and holds the stream back; it drops nothing.
 *
 * @param <T> the row; it must not be changed after it was written
 */
public final class PostgresSink<T> implements Sink<T> {

    private static final long serialVersionUID = 1L;

    private final PostgresConnectionConfig config;
    private final PostgresTable<T> table;

    /**
     * @param config the database
     * @param table how a row becomes a row of the table
     */
    public PostgresSink(PostgresConnectionConfig config, PostgresTable<T> table) {
        this.config = config;
        this.table = table;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new PostgresWriter<>(config, table, context);
    }
}
