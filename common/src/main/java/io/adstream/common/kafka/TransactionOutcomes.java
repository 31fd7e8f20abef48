package io.adstream.common.kafka;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Asks the brokers how transactions ended. Connects when first asked. */
final class TransactionOutcomes implements AutoCloseable {

    private final Properties properties;
    private @Nullable Admin admin;

    /**
     * @param properties of an admin client
     */
    TransactionOutcomes(Properties properties) {
        this.properties = properties;
    }

    /**
     * Whether the brokers know that this very transaction is committed, or that it was decided to
     * be.
     *
     * @throws KafkaException where they do not answer, or do not know the transactional id (any
     *     more)
     */
    boolean isCommitted(KafkaCommittable transaction) throws InterruptedException {
        TransactionDescription last = lastOf(transaction.getTransactionalId());
        return switch (last.state()) {
            case PREPARE_COMMIT, COMPLETE_COMMIT ->
                    last.producerId() == transaction.getProducerId()
                            && isEndOf(transaction.getEpoch(), last.producerEpoch());
            default -> false;
        };
    }

    /**
     * An end leaves the epoch as it is (transaction protocol version 1) or raises it by one
     * (version 2). The next transaction's end has a greater one: the sink raises the epoch before
     * each.
     */
    private static boolean isEndOf(int epoch, int lastEpoch) {
        return lastEpoch == epoch || lastEpoch == epoch + 1;
    }

    private TransactionDescription lastOf(String transactionalId) throws InterruptedException {
        if (admin == null) {
            admin = Admin.create(properties);
        }
        try {
            return admin.describeTransactions(List.of(transactionalId))
                    .description(transactionalId)
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
        }
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close();
        }
    }
}
