package io.adstream.local.traffic;

import io.adstream.common.money.Micros;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * An ad server's account in Redis: adds what was spent to {@code budget:{campaign}:{date}:spent}
 * (micros, the campaign's local date) and stops campaigns whose {@code campaign:{id}:status} says
 * PAUSED.
 *
 * <p>A thread of its own talks to Redis: what was spent is written within 200 ms, a pause is seen
 * within 700 ms. While Redis is away ads are served as before and the spend is kept; what was being
 * written when the connection broke is written again, so that a campaign may be charged twice but
 * never too little.
 */
public final class RedisAdServer implements AdServer, AutoCloseable {

    private static final long WRITE_MILLIS = 200;
    private static final long STATUS_MILLIS = 500;
    private static final long KEY_SECONDS = 3 * 86_400;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final String host;
    private final int port;
    private final List<Campaign> campaigns;
    private final Consumer<String> notices;
    private final AtomicBoolean[] paused;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Map<String, Long> unwritten = new HashMap<>();
    private @Nullable Jedis connection;
    private volatile boolean away;
    private long statusRead = Long.MIN_VALUE;

    /**
     * Begins to serve.
     *
     * @param notices told when Redis goes away and comes back
     */
    public RedisAdServer(
            String host, int port, List<Campaign> campaigns, Consumer<String> notices) {
        this.host = host;
        this.port = port;
        this.campaigns = campaigns;
        this.notices = notices;
        paused = new AtomicBoolean[campaigns.size()];
        for (int i = 0; i < paused.length; i++) {
            paused[i] = new AtomicBoolean();
        }
        // The first answer decides what is served first.
        exchange();
        thread = new Thread(this::run, "ad-server-account");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean serves(Campaign campaign) {
        return !paused[campaign.index()].getPlain();
    }

    @Override
    public void spent(Campaign campaign, long eventTime, long micros) {
        LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(eventTime), campaign.timeZone());
        String key = "budget:" + campaign.id() + ":" + date + ":spent";
        lock.lock();
        try {
            unwritten.merge(key, micros, Long::sum);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean last = false;
        while (!last) {
            try {
                last = closing.await(WRITE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                last = true;
            }
            exchange();
        }
    }

    private void exchange() {
        Map<String, Long> writing = take();
        try {
            Jedis open = connection;
            if (open == null) {
                open = new Jedis(host, port, TIMEOUT_MILLIS);
                connection = open;
            }
            write(open, writing);
            writing = Map.of();
            long now = System.nanoTime() / 1_000_000;
            if (statusRead == Long.MIN_VALUE || now - statusRead >= STATUS_MILLIS) {
                readStatus(open);
                statusRead = now;
            }
            if (away) {
                away = false;
                notices.accept("Redis at " + host + ":" + port + " answers again.");
            }
        } catch (JedisException e) {
            putBack(writing);
            disconnect();
            if (!away) {
                away = true;
                notices.accept(
                        "Redis at "
                                + host
                                + ":"
                                + port
                                + " does not answer; ads are served on, and what they cost is"
                                + " written when it is back.");
            }
        }
    }

    private static void write(Jedis open, Map<String, Long> writing) {
        if (writing.isEmpty()) {
            return;
        }
        // One transaction: all of it or nothing.
        try (var transaction = open.multi()) {
            writing.forEach(
                    (key, micros) -> {
                        transaction.incrBy(key, micros);
                        transaction.expire(key, KEY_SECONDS);
                    });
            for (Object reply : transaction.exec()) {
                if (reply instanceof JedisException refused) {
                    throw refused;
                }
            }
        }
    }

    private void readStatus(Jedis open) {
        Map<Campaign, Response<String>> replies = new HashMap<>();
        try (Pipeline pipeline = open.pipelined()) {
            for (Campaign campaign : campaigns) {
                replies.put(
                        campaign, pipeline.hget("campaign:" + campaign.id() + ":status", "status"));
            }
        }
        replies.forEach(
                (campaign, reply) -> paused[campaign.index()].set("PAUSED".equals(reply.get())));
    }

    private Map<String, Long> take() {
        lock.lock();
        try {
            Map<String, Long> taken = unwritten;
            unwritten = new HashMap<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Map<String, Long> writing) {
        lock.lock();
        try {
            writing.forEach((key, micros) -> unwritten.merge(key, micros, Long::sum));
        } finally {
            lock.unlock();
        }
    }

    private void disconnect() {
        Jedis open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (JedisException e) {
                // It was broken already; the next exchange connects anew.
                away = true;
            }
        }
    }

    /** Whether Redis answered the last time. */
    boolean isReachable() {
        return !away;
    }

    /** Writes what is left, once, and ends. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(3L * TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
        long lost = take().values().stream().mapToLong(Long::longValue).sum();
        if (lost > 0) {
            notices.accept(
                    "Redis is still away: a spend of "
                            + Micros.format(lost)
                            + " was not written to the budget counters.");
        }
    }
}
