package io.adstream.local.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleBook;
import io.adstream.anomaly.rule.RuleReader;
import io.adstream.anomaly.rule.RuleRecord;
import io.adstream.local.CommandFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The rules on topic {@code control}. */
final class RulesTopic {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Properties client;
    private final String topic;

    /**
     * @param client how Kafka is reached
     * @param topic the topic's full name
     */
    RulesTopic(Properties client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    /** The newest version of each rule and scope, by key; what is no rule is left out. */
    Map<String, Rule> read() {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("isolation.level", "read_committed");
        properties.setProperty("enable.auto.commit", "false");
        properties.setProperty("default.api.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            if (partitions.isEmpty()) {
                throw new CommandFailure(
                        "There is no topic " + topic + "; ./adstream topics apply creates it.");
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<String, Rule> rules = new TreeMap<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!ends.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record.value(), rules);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new CommandFailure("Topic " + topic + " cannot be read to its end.");
                }
            }
            return rules;
        } catch (KafkaException e) {
            throw new CommandFailure("Kafka does not answer: " + e.getMessage(), e);
        }
    }

    private static void take(byte[] value, Map<String, Rule> rules) {
        try {
            Rule rule = RuleReader.read(value);
            if (RuleBook.replaces(rule, rules.get(rule.key()))) {
                rules.put(rule.key(), rule);
            }
        } catch (RuleReader.Refused e) {
            // The job sends it to control.dlq, and it changes nothing there either.
            return;
        }
    }

    /** Adds a version, which is in force in every subtask within two seconds. */
    void write(Rule rule) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("acks", "all");
        properties.setProperty("max.block.ms", String.valueOf(PATIENCE.toMillis()));
        properties.setProperty("delivery.timeout.ms", String.valueOf(2 * PATIENCE.toMillis()));
        properties.setProperty("request.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        properties.setProperty("linger.ms", "0");
        try (var producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused =
                    producer.send(
                                    new ProducerRecord<>(
                                            topic,
                                            rule.key().getBytes(UTF_8),
                                            RuleRecord.value(rule).getBytes(UTF_8)))
                            .get(2 * PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("Interrupted; the rule may be set or not.", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new CommandFailure("Kafka did not take the rule: " + e.getMessage(), e);
        }
    }
}
