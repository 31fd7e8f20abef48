package io.adstream.common.redis;

import io.adstream.common.event.Excerpt;
import io.adstream.common.store.Linger;
import io.adstream.common.store.StoreOutage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps the newest write of each key until Redis has acknowledged it. Sends when {@link #BATCH}
 * keys wait, at the latest after {@link #LINGER_MS}, and before a checkpoint.
 */
final class RedisWriter<T> implements SinkWriter<T> {

    /** Writes per round trip. */
    static final int BATCH = 500;

    /** How long a write may wait for others, in ms. */
    static final long LINGER_MS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(RedisWriter.class);

    private final RedisConnectionConfig config;
    private final RedisWriteFactory<T> factory;
    private final RedisPipeline pipeline;
    private final StoreOutage outage;
    private final Linger linger;
    private final Map<String, RedisWrite> pending = new LinkedHashMap<>();
    private final Counter written;
    private final Counter refusedAsOlder;
    private final Counter sent;
    private volatile int pendingNow;
    private boolean scriptsWereGone;

    RedisWriter(
            RedisConnectionConfig config, RedisWriteFactory<T> factory, WriterInitContext context) {
        this.config = config;
        this.factory = factory;
        this.linger = new Linger(context.getProcessingTimeService(), LINGER_MS, this::drain);
        MetricGroup metrics = context.metricGroup();
        this.written = metrics.counter("redisWrites");
        this.refusedAsOlder = metrics.counter("redisRefusedAsOlder");
        this.sent = context.metricGroup().getNumRecordsSendCounter();
        this.outage =
                new StoreOutage(
                        "Redis at " + config.address(), LOG, metrics.counter("redisRetries"));
        metrics.gauge("redisUnavailableMs", outage::lastsMs);
        metrics.gauge("redisPending", () -> pendingNow);
        this.pipeline =
                new RedisPipeline(
                        config,
                        "redis-sink-watch-" + context.getTaskInfo().getIndexOfThisSubtask());
    }

    @Override
    public void write(T element, Context context) throws IOException, InterruptedException {
        factory.writes(element, this::keep);
        if (pending.size() >= BATCH) {
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
        pipeline.close();
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
        while (!pending.isEmpty()) {
            List<RedisWrite> batch = nextBatch();
            Setback setback = send(batch);
            pendingNow = pending.size();
            if (setback == null) {
                outage.over();
                scriptsWereGone = false;
            } else if (setback.scriptGone && !scriptsWereGone) {
                scriptsWereGone = true; // they are loaded with the next round trip; no need to wait
            } else {
                if (setback.reconnect) {
                    pipeline.disconnect();
                }
                outage.await(setback.problem, setback.advice);
            }
        }
    }

    private List<RedisWrite> nextBatch() {
        List<RedisWrite> batch = new ArrayList<>(Math.min(BATCH, pending.size()));
        Iterator<RedisWrite> waiting = pending.values().iterator();
        while (batch.size() < BATCH && waiting.hasNext()) {
            batch.add(waiting.next());
        }
        return batch;
    }

    /** One round trip. Null if each write has been decided. */
    private @Nullable Setback send(List<RedisWrite> batch) throws IOException {
        try {
            return settle(batch, pipeline.send(batch));
        } catch (JedisConnectionException e) {
            return new Setback(
                    String.valueOf(e.getMessage()),
                    "Check that it runs and that the network leads there.",
                    false,
                    true);
        } catch (JedisException e) {
            pipeline.disconnect();
            RedisFault fault = RedisFault.of(String.valueOf(e.getMessage()));
            if (fault.passes()) {
                return new Setback(String.valueOf(e.getMessage()), fault.advice(), false, true);
            }
            throw new IOException(
                    config.address()
                            + " refuses the connection: "
                            + e.getMessage()
                            + ". "
                            + fault.advice(),
                    e);
        }
    }

    /** Looks at each reply. A write that was decided no longer waits. */
    private @Nullable Setback settle(List<RedisWrite> batch, List<Object> replies)
            throws IOException {
        Setback setback = null;
        IOException refusal = null;
        for (int i = 0; i < batch.size(); i++) {
            RedisWrite write = batch.get(i);
            Object reply = replies.get(i);
            if (reply instanceof Long answer) {
                pending.remove(write.key());
                sent.inc();
                (answer == 0 ? refusedAsOlder : written).inc();
                continue;
            }
            RedisFault fault = RedisFault.of(message(reply));
            if (fault.code().equals(RedisFault.NOSCRIPT)) {
                pipeline.forgetScripts();
                if (setback == null) {
                    setback = new Setback(message(reply), fault.advice(), true, false);
                }
            } else if (fault.passes()) {
                setback =
                        new Setback(
                                message(reply),
                                fault.advice(),
                                false,
                                fault.code().equals("READONLY"));
            } else if (refusal == null) {
                refusal =
                        new IOException(
                                "Redis at %s refuses %s of the key %s: %s. %s"
                                        .formatted(
                                                config.address(),
                                                write.script(),
                                                Excerpt.oneLine(write.key()),
                                                message(reply),
                                                fault.advice()));
            }
        }
        if (refusal != null) {
            throw refusal;
        }
        return setback;
    }

    private static String message(Object reply) {
        return reply instanceof JedisDataException error
                ? Excerpt.oneLine(error.getMessage())
                : Excerpt.oneLine("unexpected reply " + reply);
    }

    /** Why a round trip has to be repeated. */
    private record Setback(String problem, String advice, boolean scriptGone, boolean reconnect) {}
}
