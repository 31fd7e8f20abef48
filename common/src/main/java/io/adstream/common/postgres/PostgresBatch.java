package io.adstream.common.postgres;

import io.adstream.common.event.Excerpt;
import io.adstream.common.store.BatchWriter;
import io.adstream.common.store.BatchWriterFactory;
import io.adstream.common.store.StoreOutage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows of one table and waits while PostgreSQL is away, restarting, out of connections or
 * the table is locked. Rows that PostgreSQL refuses are found by halving.
 *
 * @param <T> the row
 */
public final class PostgresBatch<T> implements BatchWriter<T> {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBatch.class);

    private final PostgresTable<T> table;
    private final PostgresSession<T> session;
    private final StoreOutage outage;
    private final Counter written;
    private final Counter refusedAsOlder;
    private final Counter salvaged;

    PostgresBatch(
            PostgresConnectionConfig config,
            PostgresTable<T> table,
            MetricGroup metrics,
            int subtask) {
        this.table = table;
        this.written = metrics.counter("postgresRows");
        this.refusedAsOlder = metrics.counter("postgresRefusedAsOlder");
        this.salvaged = metrics.counter("postgresSalvaged");
        this.outage =
                new StoreOutage(
                        "PostgreSQL table " + table.name() + " at " + config.address(),
                        LOG,
                        metrics.counter("postgresRetries"));
        metrics.gauge("postgresUnavailableMs", outage::lastsMs);
        this.session = new PostgresSession<>(config, table, "postgres-sink-watch-" + subtask);
    }

    /** Writers of a table for sinks that write behind. */
    public static <T> BatchWriterFactory<T> of(
            PostgresConnectionConfig config, PostgresTable<T> table) {
        return (metrics, subtask) -> new PostgresBatch<>(config, table, metrics, subtask);
    }

    /** What identifies a row. */
    String key(T row) {
        String key = table.rowKey.of(row);
        if (key == null) {
            throw new IllegalArgumentException(
                    "A row of "
                            + table.name()
                            + " has no key: "
                            + Excerpt.oneLine(String.valueOf(row)));
        }
        return key;
    }

    @Override
    public void close() {
        session.close();
    }

    /**
     * Writes the rows until all are decided: in parts where PostgreSQL refuses some of them, or
     * where it needs longer for all of them than a statement may take.
     */
    @Override
    public void write(List<T> rows) throws IOException, InterruptedException {
        Deque<Part<T>> parts = new ArrayDeque<>();
        parts.push(new Part<>(rows, false));
        boolean preparedAnew = false;
        int atOnce = rows.size();
        while (!parts.isEmpty()) {
            Part<T> part = parts.element();
            if (part.rows.size() > atOnce) {
                parts.remove();
                halves(part).forEach(parts::push);
                continue;
            }
            try {
                int taken = session.write(part.rows);
                parts.remove();
                outage.over();
                count(part, taken);
                preparedAnew = false;
            } catch (SQLException e) {
                PostgresFault fault = PostgresFault.of(e);
                LOG.debug(
                        "PostgreSQL refused {} rows of {}",
                        part.rows.size(),
                        table.name(),
                        printable(e));
                if (table.preparation != null) {
                    table.preparation.forget();
                }
                switch (fault) {
                    case AWAY -> {
                        session.disconnect();
                        outage.await(describe(e), fault.advice());
                    }
                    case BUSY -> {
                        if (PostgresFault.STATEMENT_TIMEOUT.equals(e.getSQLState())) {
                            atOnce = Math.max(1, part.rows.size() / 2);
                        }
                        outage.await(describe(e), fault.advice());
                    }
                    case DATA -> {
                        if (isConstraint(e) && table.preparation != null && !preparedAnew) {
                            preparedAnew = true; // such as a partition that is gone
                        } else {
                            parts.remove();
                            divide(part, e).forEach(parts::push);
                        }
                    }
                    case LASTING -> throw refusal(part, e, fault);
                }
            }
        }
    }

    private static boolean isConstraint(SQLException e) {
        return e.getSQLState().startsWith("23");
    }

    private void count(Part<T> part, int taken) {
        written.inc(taken);
        refusedAsOlder.inc((long) part.rows.size() - taken);
        if (part.salvaged) {
            salvaged.inc();
        }
    }

    private static <T> List<Part<T>> halves(Part<T> part) {
        int size = part.rows.size();
        return List.of(
                new Part<>(part.rows.subList(size / 2, size), false),
                new Part<>(part.rows.subList(0, size / 2), false));
    }

    /** The halves of rows that were refused together, or what is saved of a single one. */
    private List<Part<T>> divide(Part<T> refused, SQLException cause) throws IOException {
        if (refused.rows.size() > 1) {
            return halves(refused);
        }
        T row = refused.rows.get(0);
        T remedy = table.salvage == null || refused.salvaged ? null : table.salvage.of(row);
        if (remedy == null) {
            throw refusal(refused, cause, PostgresFault.DATA);
        }
        LOG.warn(
                "PostgreSQL table {} refuses the row {}: {}. It is written without what was"
                        + " refused.",
                table.name(),
                Excerpt.oneLine(key(row)),
                describe(cause));
        return List.of(new Part<>(List.of(remedy), true));
    }

    private IOException refusal(Part<T> part, SQLException cause, PostgresFault fault) {
        String key = Excerpt.oneLine(key(part.rows.get(0)));
        String rows =
                part.rows.size() == 1 ? "the row " + key : part.rows.size() + " rows from " + key;
        return new IOException(
                "PostgreSQL table %s refuses %s: %s. %s"
                        .formatted(table.name(), rows, describe(cause), fault.advice()),
                printable(cause));
    }

    private static String describe(SQLException e) {
        return "[SQLSTATE " + e.getSQLState() + "] " + Excerpt.oneLine(e.getMessage());
    }

    /** The same error fit for a log: the server's message may quote what is in the row. */
    private static SQLException printable(SQLException e) {
        SQLException printable = new SQLException(Excerpt.oneLine(e.getMessage()), e.getSQLState());
        printable.setStackTrace(e.getStackTrace());
        return printable;
    }

    /** Rows that are written together; a salvaged one is alone. */
    private record Part<T>(List<T> rows, boolean salvaged) {}
}
