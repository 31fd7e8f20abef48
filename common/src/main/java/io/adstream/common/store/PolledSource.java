package io.adstream.common.store;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * What a store says when it is asked again and again, for parallelism 1. The asking is done by a
 * thread of its own: a store that does not answer holds up neither the job nor its checkpoints. It
 * has no state; after a restart the asking begins anew.
 *
 * @param <T> the element; without time
 */
public final class PolledSource<T> implements Source<T, NoSplit, NoSplit> {

    private static final long serialVersionUID = 1L;

    /**
     * How a store is asked.
     *
     * @param <T> the element
     */
    @FunctionalInterface
    public interface Poll<T> extends Serializable {

        /** Begins to ask, in the thread that will go on to do so. */
        Session<T> open();
    }

    /**
     * The asking of one reader.
     *
     * @param <T> the element
     */
    public interface Session<T> extends AutoCloseable {

        /**
         * Asks once. May wait for the store, not without end; an interrupt of the thread ends it.
         *
         * @return what is new, in order; empty while the store is away
         */
        List<T> poll();

        @Override
        void close();
    }

    private final String name;
    private final Poll<T> poll;
    private final Duration interval;

    /**
     * @param name of the thread
     * @param poll how the store is asked
     * @param interval from one asking to the next
     */
    public PolledSource(String name, Poll<T> poll, Duration interval) {
        this.name = name;
        this.poll = poll;
        this.interval = interval;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<T, NoSplit> createReader(SourceReaderContext context) {
        return new PollingReader<>(name, poll, interval);
    }

    @Override
    public SplitEnumerator<NoSplit, NoSplit> createEnumerator(
            SplitEnumeratorContext<NoSplit> context) {
        return new NoSplit.Enumerator();
    }

    @Override
    public SplitEnumerator<NoSplit, NoSplit> restoreEnumerator(
            SplitEnumeratorContext<NoSplit> context, NoSplit checkpoint) {
        return new NoSplit.Enumerator();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
        return new NoSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getEnumeratorCheckpointSerializer() {
        return new NoSplit.Serializer();
    }
}
