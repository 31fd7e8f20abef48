package io.adstream.common.postgres;

import io.adstream.common.event.Excerpt;
import io.adstream.common.store.Linger;
import io.adstream.common.store.StoreOutage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one row per key until PostgreSQL has committed it. Writes when {@code batchRows} rows or
 * {@link #BATCH_BYTES} wait, at the latest after {@link #LINGER_MS}, and before a checkpoint.
 */
final class PostgresWriter<T> implements SinkWriter<T> {

    /** Memory of the rows of a transaction, where the table says how large a row is. */
    static final long BATCH_BYTES = 8L << 20;

    /** How long a row may wait for others, in ms. */
    static final long LINGER_MS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWriter.class);

    private final PostgresTable<T> table;
    private final int batchRows;
    private final PostgresSession<T> session;
    private final StoreOutage outage;
    private final Linger linger;
    private final Map<String, T> pending = new HashMap<>();
    private final Counter written;
    private final Counter refusedAsOlder;
    private final Counter salvaged;
    private final Counter sent;
    private volatile int pendingNow;
    private long pendingBytes;

    PostgresWriter(
            PostgresConnectionConfig config, PostgresTable<T> table, WriterInitContext context) {
        this.table = table;
        this.batchRows = config.batchRows();
        this.linger = new Linger(context.getProcessingTimeService(), LINGER_MS, this::drain);
        MetricGroup metrics = context.metricGroup();
        this.written = metrics.counter("postgresRows");
        this.refusedAsOlder = metrics.counter("postgresRefusedAsOlder");
        this.salvaged = metrics.counter("postgresSalvaged");
        this.sent = context.metricGroup().getNumRecordsSendCounter();
        this.outage =
                new StoreOutage(
                        "PostgreSQL table " + table.name() + " at " + config.address(),
                        LOG,
                        metrics.counter("postgresRetries"));
        metrics.gauge("postgresUnavailableMs", outage::lastsMs);
        metrics.gauge("postgresPending", () -> pendingNow);
        this.session =
                new PostgresSession<>(
                        config,
                        table,
                        "postgres-sink-watch-" + context.getTaskInfo().getIndexOfThisSubtask());
    }

    @Override
    public void write(T row, Context context) throws IOException, InterruptedException {
        String key = key(row);
        T earlier = pending.get(key);
        if (earlier == null || table.order.replaces(row, earlier)) {
            pending.put(key, row);
            pendingNow = pending.size();
            pendingBytes += table.bytes.of(row) - (earlier == null ? 0 : table.bytes.of(earlier));
        }
        if (pending.size() >= batchRows || pendingBytes >= BATCH_BYTES) {
            drain();
        } else {
            linger.begin();
        }
    }

    @Override
    public void writeWatermark(Watermark watermark) {
        if (table.preparation != null) {
            table.preparation.watermark(watermark.getTimestamp());
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        drain();
    }

    @Override
    public void close() {
        linger.close();
        session.close();
    }

    private String key(T row) {
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

    private void drain() throws IOException, InterruptedException {
        if (pending.isEmpty()) {
            return;
        }
        List<T> rows = new ArrayList<>(pending.size());
        pending.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> rows.add(entry.getValue()));
        writeAll(rows);
        pending.clear();
        pendingNow = 0;
        pendingBytes = 0;
    }

    /**
     * Writes the rows until all are decided: in parts where PostgreSQL refuses some of them, or
     * where it needs longer for all of them than a statement may take.
     */
    private void writeAll(List<T> rows) throws IOException, InterruptedException {
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
        sent.inc(part.rows.size());
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
