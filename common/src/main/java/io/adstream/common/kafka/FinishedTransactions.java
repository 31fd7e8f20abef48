package io.adstream.common.kafka;

import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.connector.kafka.sink.internal.BackchannelFactory;
import org.apache.flink.connector.kafka.sink.internal.ReadableBackchannel;
import org.apache.flink.connector.kafka.sink.internal.TransactionFinished;
import org.apache.flink.connector.kafka.sink.internal.WritableBackchannel;
import org.apache.flink.util.IOUtils;

/**
 * What the committer tells the writer of transactions that are over, one checkpoint late.
 *
 * <p>The writer begins its next transactions with the ids of those that are over, and then nobody
 * can tell any more how these ended. Told at once, it would do so while the job would still go back
 * to the checkpoint of that transaction if it failed.
 */
final class FinishedTransactions implements AutoCloseable {

    /** Names the channel by which the committer tells. */
    private static final String COMMITTER = "/finished";

    private final String committerPrefix;
    private final ReadableBackchannel<TransactionFinished> committer;
    private final WritableBackchannel<TransactionFinished> writer;

    /**
     * @param task the task of committer and writer
     * @param prefix of the sink's transactional ids: names the channel by which the writer is told
     */
    FinishedTransactions(TaskInfo task, String prefix) {
        int subtask = task.getIndexOfThisSubtask();
        int attempt = task.getAttemptNumber();
        BackchannelFactory channels = BackchannelFactory.getInstance();
        committerPrefix = prefix + COMMITTER;
        committer = channels.getReadableBackchannel(subtask, attempt, committerPrefix);
        writer = channels.getWritableBackchannel(subtask, attempt, prefix);
    }

    /** What the committer must take for the prefix of the transactional ids. */
    String committerPrefix() {
        return committerPrefix;
    }

    /** Tells the writer of all that are over by now. */
    void tell() {
        TransactionFinished finished = committer.poll();
        while (finished != null) {
            writer.send(finished);
            finished = committer.poll();
        }
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(committer, writer);
    }
}
