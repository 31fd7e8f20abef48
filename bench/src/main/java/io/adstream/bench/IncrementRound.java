package io.adstream.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redis.clients.jedis.Jedis;

/**
 * What is written first: a consumer that reads each record with Jackson, adds each click to the
 * counter of its campaign and day with {@code INCRBY}, and sets the status when the reply says that
 * it is too much. One round trip per click; no deduplication, no time zones, nothing exactly once.
 */
final class IncrementRound implements CandidateMain.Round {

    private static final long PAUSE_AT = 4_750_000;

    private final CandidateSettings settings;

    IncrementRound(CandidateSettings settings) {
        this.settings = settings;
    }

    @Override
    public RunResult run(RunRequest request) throws IOException {
        CpuMark begin = CpuMark.now();
        Map<String, Object> properties =
                new HashMap<>(ConsumerSettings.of(settings, request.group()));
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        ObjectMapper json = new ObjectMapper();
        long read = 0;
        long clicks = 0;
        CpuMark first = null;
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(
                                properties,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                Jedis redis = new Jedis(settings.redisHost(), settings.redisPort())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(request.topic()).stream()
                            .map(p -> new TopicPartition(p.topic(), p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (read < request.records()) {
                var records = consumer.poll(Duration.ofSeconds(1));
                if (first == null && !records.isEmpty()) {
                    first = CpuMark.now();
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    read++;
                    JsonNode event = json.readTree(record.value());
                    if (event.path("event_type").asText().equals("CLICK")) {
                        clicks++;
                        spend(event, redis);
                    }
                }
            }
            CpuMark last = CpuMark.now();
            CpuMark from = first == null ? begin : first;
            return RunResult.between(begin, from, last)
                    .with(clicks, 0)
                    .with(Map.of("clicks", new Counts(0, clicks, 0, 0, 0)));
        }
    }

    private static void spend(JsonNode event, Jedis redis) {
        String campaign = event.path("campaign_id").asText();
        String day = event.path("event_time").asText().substring(0, 10);
        BigDecimal price = event.path("actual_price").decimalValue();
        long spent =
                redis.incrBy(
                        "budget:" + campaign + ":" + day + ":spent",
                        price.movePointRight(6).longValue());
        if (spent >= PAUSE_AT) {
            redis.hset("campaign:" + campaign + ":status", "status", "PAUSED");
        }
    }
}
