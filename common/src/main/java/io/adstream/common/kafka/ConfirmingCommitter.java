package io.adstream.common.kafka;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flink's committer for Kafka, which asks how a transaction ended before it calls a refused commit
 * a failure.
 *
 * <p>A restored job commits the transactions of its checkpoint once more: whether the attempt
 * before it got so far, it cannot know. Since transaction protocol version 2 (KIP-890, Kafka 4)
 * each end of a transaction raises the producer's epoch, so a broker refuses the second commit as
 * that of a fenced producer, although nothing is lost. Where the broker says that this very
 * transaction was committed, the request counts as {@code alreadyCommittedCommittables}. Everything
 * else stays in {@code failedCommittables}: a transaction that was aborted, and one of which
 * nothing can be said because its transactional id has been used again since, or is forgotten.
 */
final class ConfirmingCommitter implements Committer<KafkaCommittable> {

    private static final Logger LOG = LoggerFactory.getLogger(ConfirmingCommitter.class);

    private final Committer<KafkaCommittable> committer;
    private final FinishedTransactions finished;
    private final TransactionOutcomes outcomes;

    /**
     * @param committer Flink's, which tells {@code finished} of what is over
     */
    ConfirmingCommitter(
            Committer<KafkaCommittable> committer,
            FinishedTransactions finished,
            TransactionOutcomes outcomes) {
        this.committer = committer;
        this.finished = finished;
        this.outcomes = outcomes;
    }

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests)
            throws IOException, InterruptedException {
        // A checkpoint is complete: the job goes back to none before it.
        finished.tell();
        List<Refusable> all = new ArrayList<>(requests.size());
        requests.forEach(request -> all.add(new Refusable(request)));
        committer.commit(new ArrayList<>(all));
        for (Refusable request : all) {
            if (request.refusal != null) {
                judge(request, request.refusal);
            }
        }
    }

    private void judge(Refusable refused, Throwable refusal) throws InterruptedException {
        KafkaCommittable committable = refused.getCommittable();
        try {
            if (outcomes.isCommitted(committable)) {
                LOG.info("An earlier attempt has committed {}; nothing is lost.", committable);
                refused.request.signalAlreadyCommitted();
                return;
            }
        } catch (RetriableException e) {
            LOG.warn("How {} ended cannot be found out yet.", committable, e);
            refused.request.retryLater();
            return;
        } catch (KafkaException e) {
            refusal.addSuppressed(e);
        }
        LOG.error(
                "The commit of {} was refused, and the brokers do not know it as committed."
                        + " Its records are missing, unless its transactional id was used again.",
                committable,
                refusal);
        refused.request.signalFailedWithKnownReason(refusal);
    }

    @Override
    public void close() throws Exception {
        try (outcomes;
                finished) {
            committer.close();
        }
    }

    /** A request of which a refusal is kept back. */
    private static final class Refusable implements CommitRequest<KafkaCommittable> {

        private final CommitRequest<KafkaCommittable> request;
        private @Nullable Throwable refusal;

        Refusable(CommitRequest<KafkaCommittable> request) {
            this.request = request;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            refusal = reason;
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            if (reason instanceof InvalidPidMappingException) {
                // The brokers have forgotten an id that was idle for a week: they always will have.
                refusal = reason;
            } else {
                request.signalFailedWithUnknownReason(reason);
            }
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            request.updateAndRetryLater(committable);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
