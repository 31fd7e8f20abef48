package io.adstream.common.postgres;

import io.adstream.common.store.Linger;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;

/**
 * Keeps one row per key until PostgreSQL has committed it. Writes when {@code batchRows} rows or
 * {@link #BATCH_BYTES} wait, at the latest after {@link #LINGER_MS}, and before a checkpoint.
 */
final class PostgresWriter<T> implements SinkWriter<T> {

    /** Memory of the rows of a transaction, where the table says how large a row is. */
    static final long BATCH_BYTES = 8L << 20;

    /** How long a row may wait for others, in ms. */
    static final long LINGER_MS = 250;

    private final PostgresTable<T> table;
    private final int batchRows;
    private final PostgresBatch<T> batch;
    private final Counter sent;
    private final Linger linger;
    private final Map<String, T> pending = new HashMap<>();
    private volatile int pendingNow;
    private long pendingBytes;

    PostgresWriter(
            PostgresConnectionConfig config, PostgresTable<T> table, WriterInitContext context) {
        this.table = table;
        this.batchRows = config.batchRows();
        this.linger = new Linger(context.getProcessingTimeService(), LINGER_MS, this::drain);
        this.sent = context.metricGroup().getNumRecordsSendCounter();
        context.metricGroup().gauge("postgresPending", () -> pendingNow);
        this.batch =
                new PostgresBatch<>(
                        config,
                        table,
                        context.metricGroup(),
                        context.getTaskInfo().getIndexOfThisSubtask());
    }

    @Override
    public void write(T row, Context context) throws IOException, InterruptedException {
        String key = batch.key(row);
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
        batch.close();
    }

    private void drain() throws IOException, InterruptedException {
        if (pending.isEmpty()) {
            return;
        }
        List<T> rows = new ArrayList<>(pending.size());
        pending.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> rows.add(entry.getValue()));
        batch.write(rows);
        sent.inc(rows.size());
        pending.clear();
        pendingNow = 0;
        pendingBytes = 0;
    }
}
