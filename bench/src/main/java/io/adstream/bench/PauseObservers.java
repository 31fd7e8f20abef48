package io.adstream.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.bench.PauseWatch.Place;
import io.adstream.common.kafka.Topics;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Response;

/** Look for pauses in Redis, in the table and in Kafka, each in a thread of its own. */
final class PauseObservers implements AutoCloseable {

    private static final long REDIS_NANOS = Duration.ofMillis(3).toNanos();
    private static final long TABLE_NANOS = Duration.ofMillis(20).toNanos();
    private static final Duration RECORD_WAIT = Duration.ofMillis(100);

    private final ExecutorService threads = Executors.newFixedThreadPool(Place.values().length);
    private final List<Future<Void>> running;
    private final PauseWatch watch;
    private volatile boolean over;

    /**
     * Begins to look.
     *
     * @param campaigns ids of the campaigns whose hashes are read
     */
    PauseObservers(
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            List<String> campaigns,
            PauseWatch watch) {
        this.watch = watch;
        running =
                Stream.<Callable<Void>>of(
                                () -> lookAtRedis(redis, campaigns),
                                () -> lookAtTable(database),
                                () -> lookAtRecords(kafka))
                        .map(threads::submit)
                        .toList();
    }

    private Void lookAtRedis(RedisServer redis, List<String> campaigns) {
        try (Jedis jedis = redis.connect()) {
            Map<String, Response<String>> replies = new LinkedHashMap<>();
            while (!over) {
                try (var pipeline = jedis.pipelined()) {
                    for (String campaign : campaigns) {
                        replies.put(
                                campaign,
                                pipeline.hget("campaign:" + campaign + ":status", "status"));
                    }
                    pipeline.sync();
                }
                long now = System.currentTimeMillis();
                replies.forEach(
                        (campaign, reply) -> {
                            if ("PAUSED".equals(reply.get())) {
                                watch.paused(Place.REDIS, campaign, now);
                            }
                        });
                LockSupport.parkNanos(REDIS_NANOS);
            }
        }
        return null;
    }

    private Void lookAtTable(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement paused =
                        connection.prepareStatement(
                                "select campaign_id from budget.campaigns where status ="
                                        + " 'PAUSED'")) {
            while (!over) {
                try (ResultSet rows = paused.executeQuery()) {
                    long now = System.currentTimeMillis();
                    while (rows.next()) {
                        watch.paused(Place.TABLE, rows.getString(1), now);
                    }
                }
                LockSupport.parkNanos(TABLE_NANOS);
            }
        }
        return null;
    }

    private Void lookAtRecords(KafkaBroker kafka) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer("read_committed")) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Topics.BUDGET_MANAGEMENT).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!over) {
                var records = consumer.poll(RECORD_WAIT);
                long now = System.currentTimeMillis();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    JsonNode notice = json.readTree(record.value());
                    if (notice.path("type").asText().equals("CAMPAIGN_PAUSED")) {
                        watch.paused(Place.RECORD, notice.path("campaign_id").asText(), now);
                    }
                }
            }
        }
        return null;
    }

    /** Stops to look; fails where one could not. */
    @Override
    public void close() throws IOException {
        over = true;
        try {
            for (Future<Void> one : running) {
                one.get(1, TimeUnit.MINUTES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("pauses were not watched", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
