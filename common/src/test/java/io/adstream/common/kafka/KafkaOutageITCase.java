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
import io.adstream.testing.services.KafkaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that freezes and one that is killed: the job waits, restarts nothing, and catches up.
 */
class KafkaOutageITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir private Path folder;

    @Test
    void anOutageLongerThanARequestMayTakeLosesAndDoublesNothing() {
        try (KafkaProcess kafka = KafkaBroker.start(folder)) {
            kafka.createTopicNamed("source", 2, Map.of());
            kafka.createTopicNamed("dead-letters", 2, Map.of());
            produce(kafka, 0, 100);
            RunningJob job = start(kafka, Map.of()).awaitRunning();
            await().atMost(PATIENCE).until(() -> kafka.readAll("dead-letters").size() == 100);

            kafka.pause();
            pass(Duration.ofSeconds(10));
            kafka.resume();
            produce(kafka, 100, 200);
            await().atMost(PATIENCE).until(() -> kafka.readAll("dead-letters").size() == 200);

            kafka.kill();
            pass(Duration.ofSeconds(5));
            kafka.start();
            produce(kafka, 200, 300);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> kafka.readAll("dead-letters").size() >= 300);

            assertThat(kafka.readAll("dead-letters"))
                    .extracting(letter -> new String(letter.value(), UTF_8))
                    .doesNotHaveDuplicates()
                    .hasSize(300);
            assertThat(job.restarts()).isZero();
        }
    }

    /**
     * What the patience of {@link KafkaClients} is there for: without it an outage fails the job.
     */
    @Test
    void aLookUpForNewPartitionsThatDoesNotWaitFailsTheJob() {
        try (KafkaProcess kafka = KafkaBroker.start(folder)) {
            kafka.createTopicNamed("source", 2, Map.of());
            kafka.createTopicNamed("dead-letters", 2, Map.of());
            RunningJob job =
                    start(kafka, Map.of("kafka.properties.default.api.timeout.ms", "2000"))
                            .awaitRunning();

            kafka.pause();
            await().atMost(PATIENCE).until(() -> job.restarts() > 0);
            kafka.resume();
        }
    }

    private static void pass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().atMost(time.plusSeconds(10)).until(() -> Instant.now().isAfter(end));
    }

    private static void produce(KafkaBroker kafka, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(
                    new ProducerRecord<>("source", i % 2, null, ("broken " + i).getBytes(UTF_8)));
        }
        kafka.produce(records);
    }

    private static RunningJob start(KafkaBroker kafka, Map<String, String> more) {
        Map<String, String> given = new HashMap<>(more);
        given.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        // A request fails soon, so that the outage is longer than several.
        given.put("kafka.properties.request.timeout.ms", "2000");
        given.put("kafka.properties.partition.discovery.interval.ms", "500");
        JobSettings settings = JobSettings.of("metrics", given, KafkaOptions.OPTIONS);
        EventContract contract = EventContract.AD_EVENTS;
        StreamExecutionEnvironment environment =
                FLINK.environment(
                        2,
                        Map.of(
                                "execution.checkpointing.interval", "1 s",
                                "execution.checkpointing.timeout", "20 min"));
        environment
                .fromSource(
                        KafkaSources.of(
                                settings,
                                "source",
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
                                "dead-letters",
                                Topics.DEAD_LETTER_MAX_MESSAGE_BYTES,
                                new DeadLetterSerializer("dead-letters", "source", "metrics")))
                .uid("dead-letters");
        return FLINK.start(environment);
    }
}
