package io.adstream.testing.services;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A Kafka broker. Topics are never made by themselves. */
public abstract class KafkaBroker implements TestService {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger topics = new AtomicInteger();
    private @Nullable Admin admin;

    /** What clients take as {@code bootstrap.servers}. */
    public abstract String bootstrapServers();

    /** The broker's shared admin client; it is closed with the broker. */
    public synchronized Admin admin() {
        Admin open = admin;
        if (open == null) {
            open =
                    Admin.create(
                            Map.of(
                                    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                    bootstrapServers()));
            admin = open;
        }
        return open;
    }

    /** Makes a topic with a unique name and the broker's defaults. */
    public String createTopic(String prefix, int partitions) {
        return createTopic(prefix, partitions, Map.of());
    }

    /**
     * Makes a topic with a unique name.
     *
     * @param prefix how the name begins
     * @param config topic configuration, as {@code "message.timestamp.type" → "LogAppendTime"}
     * @return the topic's name
     */
    public String createTopic(String prefix, int partitions, Map<String, String> config) {
        String name =
                prefix
                        + "-"
                        + Long.toString(ProcessHandle.current().pid(), 36)
                        + "-"
                        + topics.incrementAndGet();
        createTopicNamed(name, partitions, config);
        return name;
    }

    /** Makes a topic with exactly this name. */
    public void createTopicNamed(String name, int partitions, Map<String, String> config) {
        join(
                admin().createTopics(
                                List.of(new NewTopic(name, partitions, (short) 1).configs(config)))
                        .all());
    }

    /** Appends values without keys and waits until the broker has them. */
    public List<RecordMetadata> produce(String topic, byte @Nullable []... values) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (byte[] value : values) {
            records.add(new ProducerRecord<>(topic, value));
        }
        return produce(records);
    }

    /**
     * Appends records in order and waits until the broker has them.
     *
     * @return where each went, in the order of the records
     */
    public List<RecordMetadata> produce(Collection<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers(),
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                64 << 20,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                128L << 20,
                                ProducerConfig.LINGER_MS_CONFIG,
                                5,
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                256 << 10),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            producer.flush();
            return sent.stream().map(KafkaBroker::join).toList();
        }
    }

    /**
     * All committed records of a topic up to its end as it is now, ordered by partition and offset.
     * Aborted records are left out; those behind an open transaction are not waited for.
     */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        return readAll(topic, "read_committed");
    }

    /**
     * All records of a topic up to its end as it is now, ordered by partition and offset.
     *
     * @param isolation {@code read_committed} or {@code read_uncommitted}
     */
    public List<ConsumerRecord<byte[], byte[]>> readAll(String topic, String isolation) {
        List<ConsumerRecord<byte[], byte[]>> result = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                var records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty()) {
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "no record of " + topic + " for " + PATIENCE + " before its end");
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                    if (end != null && record.offset() < end) {
                        result.add(record);
                    }
                }
            }
        }
        result.sort(
                Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
                        .thenComparingLong(ConsumerRecord::offset));
        return result;
    }

    /** A new consumer without a group; the caller assigns partitions and closes it. */
    public KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Names of the topics that are not Kafka's own. */
    public Set<String> topicNames() {
        return join(admin().listTopics().names());
    }

    /**
     * Starts a broker of the test's own in a process of its own, to be harmed freely. It takes some
     * six seconds and 350 MB.
     *
     * @param folder where its log and configuration lie
     * @param extraProperties lines of {@code server.properties}, as {@code "a=b"}
     */
    public static KafkaProcess start(Path folder, String... extraProperties) {
        return KafkaProcess.in(folder, List.of(extraProperties));
    }

    /** Closes what this class opened; subclasses call it before the broker ends. */
    protected synchronized void closeClients() {
        Admin open = admin;
        if (open != null) {
            open.close(Duration.ofSeconds(5));
            admin = null;
        }
    }

    /** The settings of a small broker for tests. */
    static List<String> properties(int port, int controllerPort, Path folder) {
        return new ArrayList<>(
                Arrays.asList(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                        "controller.listener.names=CONTROLLER",
                        "listeners=PLAINTEXT://127.0.0.1:"
                                + port
                                + ",CONTROLLER://127.0.0.1:"
                                + controllerPort,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "log.dirs=" + folder.resolve("log"),
                        "auto.create.topics.enable=false",
                        "num.network.threads=2",
                        "num.io.threads=2",
                        "background.threads=2",
                        "offsets.topic.num.partitions=1",
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.num.partitions=2",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "share.coordinator.state.topic.num.partitions=1",
                        "share.coordinator.state.topic.replication.factor=1",
                        "share.coordinator.state.topic.min.isr=1",
                        "transaction.max.timeout.ms=7200000",
                        "group.initial.rebalance.delay.ms=0",
                        // The default of 128 MB is for big compacted topics.
                        "log.cleaner.dedupe.buffer.size=2097152",
                        "log.index.size.max.bytes=1048576"));
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Kafka", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka refused: " + e.getMessage(), e);
        }
    }
}
