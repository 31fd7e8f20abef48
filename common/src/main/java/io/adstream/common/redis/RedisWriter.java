package io.adstream.common.redis;

import io.adstream.common.store.Linger;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Keeps the newest write of each key until Redis has acknowledged it. Sends when {@link
 * RedisBatch#ROUND_TRIP} keys wait, at the latest after {@link #LINGER_MS}, and before a
 * checkpoint.
 */
final class RedisWriter<T> implements SinkWriter<T> {

    /** How long a write may wait for others, in ms. */
    static final long LINGER_MS = 10;

    private final RedisWriteFactory<T> factory;
    private final RedisBatch batch;
    private final Linger linger;
    private final Map<String, RedisWrite> pending = new LinkedHashMap<>();
    private volatile int pendingNow;

    RedisWriter(
            RedisConnectionConfig config, RedisWriteFactory<T> factory, WriterInitContext context) {
        this.factory = factory;
        this.linger = new Linger(context.getProcessingTimeService(), LINGER_MS, this::drain);
        context.metricGroup().gauge("redisPending", () -> pendingNow);
        this.batch =
                new RedisBatch(
                        config,
                        context.metricGroup(),
                        context.metricGroup().getNumRecordsSendCounter(),
                        context.getTaskInfo().getIndexOfThisSubtask());
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
        factory.writes(element, this::keep);
        if (pending.size() >= RedisBatch.ROUND_TRIP) {
            drain();
        } else if (!pending.isEmpty()) {
            linger.begin();
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

    private void keep(RedisWrite write) {
        RedisWrite earlier = pending.get(write.key());
        if (earlier == null || write.replaces(earlier)) {
            pending.put(write.key(), write);
            pendingNow = pending.size();
        }
    }

    /** Sends until nothing waits. */
    private void drain() throws IOException, InterruptedException {
        batch.write(pending);
        pendingNow = 0;
    }
}
