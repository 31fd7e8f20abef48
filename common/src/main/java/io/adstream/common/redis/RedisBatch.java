package io.adstream.common.redis;

import io.adstream.common.event.Excerpt;
import io.adstream.common.store.StoreOutage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Sends writes and waits while Redis is away, loading, read-only or out of memory. Looks at every
 * reply.
 */
final class RedisBatch implements AutoCloseable {

    /** Writes per round trip. */
    static final int ROUND_TRIP = 500;

    private static final Logger LOG = LoggerFactory.getLogger(RedisBatch.class);

    private final RedisConnectionConfig config;
    private final RedisPipeline pipeline;
    private final StoreOutage outage;
    private final Counter written;
    private final Counter refusedAsOlder;
    private final Counter sent;
    private boolean scriptsWereGone;

    /**
     * @param sent counts what has been decided
     */
    RedisBatch(RedisConnectionConfig config, MetricGroup metrics, Counter sent, int subtask) {
        this.config = config;
        this.sent = sent;
        this.written = metrics.counter("redisWrites");
        this.refusedAsOlder = metrics.counter("redisRefusedAsOlder");
        this.outage =
                new StoreOutage(
                        "Redis at " + config.address(), LOG, metrics.counter("redisRetries"));
        metrics.gauge("redisUnavailableMs", outage::lastsMs);
        this.pipeline = new RedisPipeline(config, "redis-sink-watch-" + subtask);
    }

    /**
     * Sends until nothing is pending; what has been decided is taken out.
     *
     * @param pending the writes by key, in the order in which they are sent
     */
    void write(Map<String, RedisWrite> pending) throws IOException, InterruptedException {
        while (!pending.isEmpty()) {
            Setback setback = send(pending, nextRoundTrip(pending));
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

    @Override
    public void close() {
        pipeline.close();
    }

    private static List<RedisWrite> nextRoundTrip(Map<String, RedisWrite> pending) {
        List<RedisWrite> batch = new ArrayList<>(Math.min(ROUND_TRIP, pending.size()));
        Iterator<RedisWrite> waiting = pending.values().iterator();
        while (batch.size() < ROUND_TRIP && waiting.hasNext()) {
            batch.add(waiting.next());
        }
        return batch;
    }

    /** One round trip. Null if each write has been decided. */
    private @Nullable Setback send(Map<String, RedisWrite> pending, List<RedisWrite> batch)
            throws IOException {
        try {
            return settle(pending, batch, pipeline.send(batch));
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
    private @Nullable Setback settle(
            Map<String, RedisWrite> pending, List<RedisWrite> batch, List<Object> replies)
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
