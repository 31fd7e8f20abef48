package io.adstream.local.traffic;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where records go. */
interface RecordSink extends AutoCloseable {

    /**
     * Hands a record over. Whether it arrived shows in {@link #delivered()} after {@link #flush()}.
     *
     * @param topic the Kafka topic
     * @param expected what will become of it where that is not VALID; null otherwise
     */
    void send(
            String topic, byte @Nullable [] key, byte @Nullable [] value, @Nullable String expected)
            throws IOException;

    /** Waits until all is written, or known to have failed. */
    void flush() throws IOException;

    /** Records that have certainly arrived. */
    long delivered();

    /** Records that are too large for the target, and were left out. */
    long tooLarge();

    /** Why nothing more can be sent, for people; null while all is well. */
    @Nullable String failure();

    @Override
    void close() throws IOException;
}
