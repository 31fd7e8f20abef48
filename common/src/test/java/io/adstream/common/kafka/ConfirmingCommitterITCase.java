package io.adstream.common.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.ServicesExtension;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.connector.kafka.sink.internal.KafkaCommitter;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of commits of a restored job, on a real broker. */
@ExtendWith(ServicesExtension.class)
class ConfirmingCommitterITCase {

    private KafkaBroker kafka;
    private String topic;
    private String id;

    @BeforeEach
    void createTopic(KafkaBroker kafka) {
        this.kafka = kafka;
        topic = kafka.createTopic("results", 1, Map.of());
        id = "tx-" + topic;
    }

    private enum Outcome {
        COMMITTED,
        ALREADY_COMMITTED,
        FAILED,
        FAILS_THE_JOB,
        RETRIED
    }

    @Test
    void whatWasOpenIsCommitted() throws Exception {
        KafkaCommittable open = precommitted();

        assertThat(commit(open)).isEqualTo(Outcome.COMMITTED);
        assertThat(kafka.readAll(topic)).hasSize(1);
    }

    @Test
    void whatARestoredAttemptCommittedCanBeCommittedAgain() throws Exception {
        KafkaCommittable open = precommitted();
        commit(open);

        assertThat(commit(open)).isEqualTo(Outcome.COMMITTED);
        assertThat(kafka.readAll(topic)).hasSize(1);
    }

    @Test
    void whatItsOwnProducerCommittedIsNoFailure() throws Exception {
        KafkaCommittable committed = committed();

        assertThat(commit(committed)).isEqualTo(Outcome.ALREADY_COMMITTED);
        assertThat(commit(committed)).isEqualTo(Outcome.ALREADY_COMMITTED);
        assertThat(kafka.readAll(topic)).hasSize(1);
    }

    @Test
    void whatWasAbortedIsAFailure() throws Exception {
        KafkaCommittable aborted = precommitted();
        try (FlinkKafkaInternalProducer<byte[], byte[]> producer = producer()) {
            producer.resumeTransaction(aborted.getProducerId(), aborted.getEpoch());
            producer.abortTransaction();
        }

        assertThat(commit(aborted)).isEqualTo(Outcome.FAILED);
        assertThat(kafka.readAll(topic)).isEmpty();
    }

    @Test
    void whatAnotherProducerOfTheSameIdFencedIsAFailure() throws Exception {
        KafkaCommittable fenced = precommitted();
        try (FlinkKafkaInternalProducer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
        }

        assertThat(commit(fenced)).isEqualTo(Outcome.FAILED);
        assertThat(kafka.readAll(topic)).isEmpty();
    }

    @Test
    void ofATransactionBeforeTheLastNothingIsKnown() throws Exception {
        KafkaCommittable fenced = precommitted();
        KafkaCommittable first = committed();
        KafkaCommittable second = committed();

        assertThat(commit(fenced)).isEqualTo(Outcome.FAILED);
        assertThat(commit(first)).isEqualTo(Outcome.FAILED);
        assertThat(commit(second)).isEqualTo(Outcome.ALREADY_COMMITTED);
        assertThat(kafka.readAll(topic)).hasSize(2);
    }

    @Test
    void anIdThatTheBrokersForgotIsAFailureAndDoesNotFailTheJobForEver() throws Exception {
        assertThat(commit(new KafkaCommittable(4711, (short) 3, id, null)))
                .isEqualTo(Outcome.FAILED);
    }

    /** A transaction with a record, as a checkpoint leaves it. */
    private KafkaCommittable precommitted() {
        try (FlinkKafkaInternalProducer<byte[], byte[]> producer = producer()) {
            return precommit(producer);
        }
    }

    /** One that was committed when its checkpoint was complete. */
    private KafkaCommittable committed() {
        try (FlinkKafkaInternalProducer<byte[], byte[]> producer = producer()) {
            KafkaCommittable committable = precommit(producer);
            producer.commitTransaction();
            return committable;
        }
    }

    private KafkaCommittable precommit(FlinkKafkaInternalProducer<byte[], byte[]> producer) {
        producer.initTransactions();
        producer.beginTransaction();
        var sent = producer.send(new ProducerRecord<>(topic, "result".getBytes(UTF_8)), null);
        producer.flush();
        assertThat(sent).isDone();
        return new KafkaCommittable(producer.getProducerId(), producer.getEpoch(), id, null);
    }

    private Outcome commit(KafkaCommittable committable) throws Exception {
        RecordedRequest request = new RecordedRequest(committable);
        TaskInfo task = new TaskInfoImpl("task", 1, 0, 1, 0);
        FinishedTransactions finished = new FinishedTransactions(task, id);
        try (ConfirmingCommitter committer =
                new ConfirmingCommitter(
                        new KafkaCommitter(
                                properties(),
                                finished.committerPrefix(),
                                0,
                                0,
                                true,
                                FlinkKafkaInternalProducer::new),
                        finished,
                        new TransactionOutcomes(properties()))) {
            committer.commit(List.of(request));
        }
        return request.outcome;
    }

    private FlinkKafkaInternalProducer<byte[], byte[]> producer() {
        return new FlinkKafkaInternalProducer<>(properties(), id);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        String serializer = ByteArraySerializer.class.getName();
        properties.setProperty(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, serializer);
        properties.setProperty(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, serializer);
        return properties;
    }

    /** What the committer says of a request; nothing means that it is committed. */
    private static final class RecordedRequest implements CommitRequest<KafkaCommittable> {

        private final KafkaCommittable committable;
        private Outcome outcome = Outcome.COMMITTED;

        RecordedRequest(KafkaCommittable committable) {
            this.committable = committable;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return committable;
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            outcome = Outcome.FAILED;
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            outcome = Outcome.FAILS_THE_JOB;
        }

        @Override
        public void retryLater() {
            outcome = Outcome.RETRIED;
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable updated) {
            outcome = Outcome.RETRIED;
        }

        @Override
        public void signalAlreadyCommitted() {
            outcome = Outcome.ALREADY_COMMITTED;
        }
    }
}
