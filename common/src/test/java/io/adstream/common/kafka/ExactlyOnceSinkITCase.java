package io.adstream.common.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.ServicesExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperatorFactory;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The sink's writer and committer, step by step, on a real broker. */
@ExtendWith(ServicesExtension.class)
class ExactlyOnceSinkITCase {

    private KafkaBroker kafka;
    private String topic;

    @BeforeEach
    void createTopic(KafkaBroker kafka) {
        this.kafka = kafka;
        topic = kafka.createTopic("results", 1, Map.of());
    }

    @Test
    void aJobThatDiesWithinACheckpointKnowsHowTheTransactionBeforeEnded() throws Exception {
        Checkpoint first;
        try (Attempt attempt = new Attempt(null)) {
            attempt.write("a");
            first = attempt.checkpoint(1);
            attempt.complete(1);
            attempt.write("b");
            attempt.checkpoint(2);
        }
        for (int again = 0; again < 2; again++) {
            try (Attempt attempt = new Attempt(first)) {
                assertThat(attempt.commits()).isOne();
                attempt.write("b");
                attempt.checkpoint(2);
            }
        }
        try (Attempt attempt = new Attempt(first)) {
            attempt.write("b");
            attempt.checkpoint(2);
            attempt.complete(2);
            assertThat(attempt.commits()).isEqualTo(2);
        }

        assertThat(visible()).containsExactly("a", "b");
    }

    @Test
    void threeTransactionalIdsAreEnough() throws Exception {
        try (Attempt attempt = new Attempt(null)) {
            for (int checkpoint = 1; checkpoint <= 8; checkpoint++) {
                attempt.write("record " + checkpoint);
                attempt.checkpoint(checkpoint);
                attempt.complete(checkpoint);
            }
            assertThat(attempt.commits()).isEqualTo(8);
        }

        assertThat(visible()).hasSize(8);
        assertThat(transactionalIds()).hasSize(3);
    }

    private List<String> visible() {
        return kafka.readAll(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private Set<String> transactionalIds() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.listTransactions().all().get().stream()
                    .map(TransactionListing::transactionalId)
                    .filter(id -> id.startsWith(topic + "-sink"))
                    .collect(Collectors.toSet());
        }
    }

    private record Checkpoint(long id, OperatorSubtaskState writer, OperatorSubtaskState commits) {}

    /** Writer and committer of one attempt of a job. */
    private final class Attempt implements AutoCloseable {

        private final OneInputStreamOperatorTestHarness<
                        String, CommittableMessage<KafkaCommittable>>
                writer;
        private final OneInputStreamOperatorTestHarness<
                        CommittableMessage<KafkaCommittable>, CommittableMessage<KafkaCommittable>>
                committer;

        private final List<CommittableMessage<KafkaCommittable>> written = new ArrayList<>();
        private final List<CommittableMessage<KafkaCommittable>> committed = new ArrayList<>();

        /**
         * @param restored null where the job begins
         */
        Attempt(@Nullable Checkpoint restored) throws Exception {
            ExactlyOnceSink<String> sink = sink();
            writer =
                    new OneInputStreamOperatorTestHarness<>(
                            new SinkWriterOperatorFactory<>(sink), StringSerializer.INSTANCE);
            committer =
                    new OneInputStreamOperatorTestHarness<>(
                            new CommitterOperatorFactory<>(sink, false, true));
            writer.setOutputCreator(serializer -> new ByReference<>(written));
            committer.setOutputCreator(serializer -> new ByReference<>(committed));
            if (restored != null) {
                writer.setRestoredCheckpointId(restored.id);
                writer.initializeState(restored.writer);
                committer.setRestoredCheckpointId(restored.id);
                committer.initializeState(restored.commits);
            }
            writer.open();
            committer.open();
        }

        void write(String value) throws Exception {
            writer.processElement(new StreamRecord<>(value));
        }

        Checkpoint checkpoint(long id) throws Exception {
            writer.prepareSnapshotPreBarrier(id);
            for (CommittableMessage<KafkaCommittable> message : written) {
                committer.processElement(new StreamRecord<>(message));
            }
            written.clear();
            return new Checkpoint(id, writer.snapshot(id, id), committer.snapshot(id, id));
        }

        void complete(long id) throws Exception {
            writer.notifyOfCompletedCheckpoint(id);
            committer.notifyOfCompletedCheckpoint(id);
        }

        /** How many transactions are committed, by this attempt or one before it. */
        long commits() {
            return committed.stream().filter(CommittableWithLineage.class::isInstance).count();
        }

        @Override
        public void close() throws Exception {
            writer.close();
            committer.close();
        }
    }

    private ExactlyOnceSink<String> sink() {
        String destination = topic;
        JobSettings settings =
                JobSettings.of(
                        "metrics",
                        Map.of(
                                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                                "kafka.group-id", topic,
                                "kafka.transactional-id-prefix", topic),
                        KafkaOptions.OPTIONS);
        return (ExactlyOnceSink<String>)
                KafkaSinks.<String>exactlyOnce(
                        settings,
                        "sink",
                        topic,
                        Topics.MAX_MESSAGE_BYTES,
                        (value, context, time) ->
                                new ProducerRecord<>(destination, value.getBytes(UTF_8)));
    }

    /** Takes what an operator emits as it is, like the next operator of a chain. */
    private record ByReference<T>(List<T> values) implements Output<StreamRecord<T>> {

        @Override
        public void collect(StreamRecord<T> record) {
            values.add(record.getValue());
        }

        @Override
        public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {}

        @Override
        public void emitWatermark(Watermark mark) {}

        @Override
        public void emitWatermarkStatus(WatermarkStatus status) {}

        @Override
        public void emitLatencyMarker(LatencyMarker marker) {}

        @Override
        public void emitRecordAttributes(RecordAttributes attributes) {}

        @Override
        public void emitWatermark(WatermarkEvent watermark) {}

        @Override
        public void close() {}
    }
}
