package io.adstream.common.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.common.dlq.DeadLetterSerializer;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.ServicesExtension;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The source, the parser and the exactly-once dead-letter sink on a real broker. */
@ExtendWith(ServicesExtension.class)
class KafkaConnectorsITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> LIMIT =
            Map.of("max.message.bytes", String.valueOf(Topics.DEAD_LETTER_MAX_MESSAGE_BYTES));

    private KafkaBroker kafka;
    private String source;
    private String deadLetters;

    @BeforeEach
    void createTopics(KafkaBroker kafka) {
        this.kafka = kafka;
        source = kafka.createTopic("source", 3, LIMIT);
        deadLetters = kafka.createTopic("dead-letters", 2, LIMIT);
    }

    @Test
    void deadLettersAreByteForByteWhatCame() {
        List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
        byte[] binary = {0, -1, 13, 10, -128, 127};
        sent.add(new ProducerRecord<>(source, 0, null, bytes("not json 0")));
        sent.add(new ProducerRecord<>(source, 0, new byte[0], bytes("not json 1")));
        sent.add(new ProducerRecord<>(source, 1, binary, binary));
        sent.add(new ProducerRecord<>(source, 1, bytes("tombstone"), null));
        sent.add(new ProducerRecord<>(source, 2, bytes("empty"), new byte[0]));
        ProducerRecord<byte[], byte[]> odd =
                new ProducerRecord<>(source, 2, bytes("headers"), bytes("{\"event_id\":1}"));
        odd.headers()
                .add("", null)
                .add("twice", binary)
                .add("twice", new byte[0])
                .add("ünï:코드", bytes("v"))
                .add("__flink.errors.attempt", bytes("4"))
                .add("__flink.errors.code", bytes("OLD"));
        sent.add(odd);
        byte[] large = new byte[Topics.MAX_MESSAGE_BYTES - 200];
        Arrays.fill(large, (byte) 'x');
        sent.add(new ProducerRecord<>(source, 0, bytes("large"), large));
        kafka.produce(sent);

        RunningJob job = start(Map.of("execution.checkpointing.interval", "500 ms"));
        List<ConsumerRecord<byte[], byte[]>> received = awaitCommitted(sent.size());

        Map<String, ConsumerRecord<byte[], byte[]>> came = byCoordinates(kafka.readAll(source));
        assertThat(received).hasSameSizeAs(sent);
        for (ConsumerRecord<byte[], byte[]> letter : received) {
            ConsumerRecord<byte[], byte[]> original =
                    came.remove(text(letter, "partition") + "@" + text(letter, "offset"));
            assertThat(letter.value()).isEqualTo(original.value());
            assertThat(letter.key()).isEqualTo(original.key());
            assertThat(without(letter.headers().toArray()))
                    .isEqualTo(without(original.headers().toArray()));
            assertThat(text(letter, "topic")).isEqualTo(source);
            assertThat(text(letter, "timestamp")).isEqualTo(String.valueOf(original.timestamp()));
            assertThat(text(letter, "job")).isEqualTo("metrics");
            assertThat(text(letter, "code")).isNotBlank().isNotEqualTo("OLD");
            assertThat(text(letter, "message")).isNotBlank();
            boolean redriven = original.headers().lastHeader("__flink.errors.attempt") != null;
            assertThat(text(letter, "attempt")).isEqualTo(redriven ? "5" : "1");
        }
        assertThat(came).isEmpty();
        job.cancel();
    }

    @Test
    void recordsAreVisibleOnlyOnceTheirCheckpointIsComplete() {
        kafka.produce(source, bytes("a"), bytes("b"), bytes("c"));

        RunningJob job = start(Map.of("execution.checkpointing.interval", "1 h")).awaitRunning();

        await().atMost(PATIENCE)
                .until(() -> kafka.readAll(deadLetters, "read_uncommitted").size() == 3);
        assertThat(kafka.readAll(deadLetters)).isEmpty();
        job.checkpoint();
        awaitCommitted(3);
    }

    @Test
    void whatWasWrittenAfterTheLastCheckpointIsWrittenOnceAfterARestore() {
        kafka.produce(source, bytes("a"), bytes("b"));
        RunningJob first = start(Map.of("execution.checkpointing.interval", "1 h"));
        await().atMost(PATIENCE)
                .until(() -> kafka.readAll(deadLetters, "read_uncommitted").size() == 2);
        first.checkpoint();
        awaitCommitted(2);
        kafka.produce(source, bytes("c"), bytes("d"));
        await().atMost(PATIENCE)
                .until(() -> kafka.readAll(deadLetters, "read_uncommitted").size() == 4);
        String checkpoint = first.newestCheckpoint().orElseThrow();
        first.cancel();

        start(
                Map.of(
                        "execution.checkpointing.interval",
                        "500 ms",
                        "execution.state-recovery.path",
                        checkpoint));

        assertThat(awaitCommitted(4))
                .extracting(letter -> new String(letter.value(), UTF_8))
                .containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void aRestoredJobCommitsOnceMoreAndCountsNoFailure() {
        kafka.produce(source, bytes("a"), bytes("b"));
        RunningJob first = start(Map.of("execution.checkpointing.interval", "1 h"));
        await().atMost(PATIENCE)
                .until(() -> kafka.readAll(deadLetters, "read_uncommitted").size() == 2);
        String savepoint = first.stopWithSavepoint();
        awaitCommitted(2);
        kafka.produce(source, bytes("c"));

        RunningJob second =
                start(
                        Map.of(
                                "execution.checkpointing.interval",
                                "500 ms",
                                "execution.state-recovery.path",
                                savepoint));

        awaitCommitted(3);
        assertThat(second.metricSum("alreadyCommittedCommittables")).isPositive();
        assertThat(second.metricSum("failedCommittables")).isZero();
    }

    @Test
    void aRecordThatOnlyCompressionMadeSmallEnoughDoesNotStopTheJob() throws Exception {
        byte[] huge = new byte[20 << 20];
        Arrays.fill(huge, (byte) ' ');
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers(),
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                64 << 20,
                                ProducerConfig.BUFFER_MEMORY_CONFIG,
                                64L << 20,
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                "zstd"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(source, 0, bytes("huge"), huge)).get();
        }
        kafka.produce(source, bytes("after"));

        start(Map.of("execution.checkpointing.interval", "500 ms"));

        List<ConsumerRecord<byte[], byte[]>> letters = awaitCommitted(2);
        ConsumerRecord<byte[], byte[]> cut =
                letters.stream()
                        .filter(letter -> Arrays.equals(letter.key(), bytes("huge")))
                        .findFirst()
                        .orElseThrow();
        assertThat(text(cut, "code")).isEqualTo("TOO_LARGE");
        assertThat(text(cut, "value-bytes")).isEqualTo(String.valueOf(20 << 20));
        assertThat(cut.value()).isEqualTo(Arrays.copyOf(huge, cut.value().length));
    }

    /** Source, parser, and every rejected record on the dead-letter topic. */
    private RunningJob start(Map<String, String> options) {
        JobSettings settings =
                JobSettings.of(
                        "metrics",
                        Map.of(
                                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                                "kafka.group-id", "group-" + source,
                                "kafka.transactional-id-prefix", "tx-" + source),
                        KafkaOptions.OPTIONS);
        EventContract contract = EventContract.AD_EVENTS;
        StreamExecutionEnvironment environment = FLINK.environment(2, options);
        environment
                .fromSource(
                        KafkaSources.of(
                                settings,
                                source,
                                KafkaSources.FETCH_WAIT,
                                new EventDeserializer(
                                        contract,
                                        ZoneOffset.UTC,
                                        new InputEventType(
                                                contract.stringFields(), contract.numberFields()))),
                        WatermarkStrategy.<InputEvent>noWatermarks(),
                        "source")
                .uid("source")
                .filter(event -> event.rejected != null)
                .uid("rejected")
                .sinkTo(
                        KafkaSinks.exactlyOnce(
                                settings,
                                "dead-letters",
                                deadLetters,
                                Topics.DEAD_LETTER_MAX_MESSAGE_BYTES,
                                new DeadLetterSerializer(deadLetters, source, "metrics")))
                .uid("dead-letters");
        return FLINK.start(environment);
    }

    private List<ConsumerRecord<byte[], byte[]>> awaitCommitted(int count) {
        await().atMost(PATIENCE).until(() -> kafka.readAll(deadLetters).size() >= count);
        List<ConsumerRecord<byte[], byte[]>> all = kafka.readAll(deadLetters);
        assertThat(all).hasSize(count);
        return all;
    }

    private static Map<String, ConsumerRecord<byte[], byte[]>> byCoordinates(
            List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, ConsumerRecord<byte[], byte[]>> byCoordinates = new java.util.HashMap<>();
        records.forEach(
                record -> byCoordinates.put(record.partition() + "@" + record.offset(), record));
        return byCoordinates;
    }

    private static List<Header> without(Header[] headers) {
        return Arrays.stream(headers)
                .filter(header -> !header.key().startsWith("__flink.errors."))
                .map(header -> (Header) new RecordHeader(header.key(), header.value()))
                .toList();
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        return Arrays.stream(record.headers().toArray())
                .filter(header -> header.key().equals("__flink.errors." + name))
                .map(header -> new String(header.value(), UTF_8))
                .sorted(Comparator.naturalOrder())
                .reduce((left, right) -> left + "," + right)
                .orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
