package io.adstream.budget;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import redis.clients.jedis.Jedis;

/**
 * Adds to counters a thousand times per second, each time by the price of a click that it then
 * sends.
 */
final class BusyAdServer implements AutoCloseable {

    /** Between two rounds, in each of which it adds this many times. */
    private static final long ROUND_MILLIS = 50;

    private static final int ROUND = 50;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final KafkaBroker kafka;
    private final String topic;
    private final Jedis redis;
    private final List<String> campaigns;
    private final ZoneId zone;
    private final long price;
    private Future<?> running = thread.submit(() -> {});
    private volatile long increments;

    /**
     * @param campaigns served in turn
     * @param zone of their days
     * @param price of a click, micros below 1,000,000
     */
    BusyAdServer(
            KafkaBroker kafka,
            RedisServer server,
            String prefix,
            List<String> campaigns,
            ZoneId zone,
            long price) {
        this.kafka = kafka;
        this.redis = server.connect();
        this.topic = prefix + "ad-events";
        this.campaigns = campaigns;
        this.zone = zone;
        this.price = price;
    }

    void begin() {
        running = thread.scheduleAtFixedRate(this::serve, 0, ROUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void serve() {
        List<ProducerRecord<byte[], byte[]>> clicks = new ArrayList<>();
        long first = increments;
        try (var pipeline = redis.pipelined()) {
            for (int i = 0; i < ROUND; i++) {
                String campaign = campaigns.get((int) ((first + i) % campaigns.size()));
                pipeline.incrBy("budget:" + campaign + ":" + LocalDate.now(zone) + ":spent", price);
                byte[] value =
                        AdEventJson.click("served-" + (first + i))
                                .campaign(campaign)
                                .price("0.%06d".formatted(price))
                                .at(Instant.now())
                                .json();
                clicks.add(new ProducerRecord<>(topic, i % BudgetJobRuns.PARTITIONS, null, value));
            }
        }
        kafka.produce(clicks);
        increments = first + ROUND;
    }

    /** How often each campaign was served so far. */
    long served() {
        return increments / campaigns.size();
    }

    /** Serves nobody any more; gives how often each campaign was served. */
    long end() throws Exception {
        running.cancel(false);
        thread.shutdown();
        if (!thread.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the ad server does not end");
        }
        return served();
    }

    @Override
    public void close() throws Exception {
        thread.shutdownNow();
        redis.close();
    }
}
