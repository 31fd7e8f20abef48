package io.adstream.common.store;

import java.io.IOException;
import java.util.List;

/**
 * Writes rows to a store, each an absolute value that may be written again. Used by one thread.
 *
 * @param <T> the row
 */
public interface BatchWriter<T> extends AutoCloseable {

    /**
     * Writes until the store has decided about each row; waits while the store is away.
     *
     * @param rows not empty, one row per key
     * @throws IOException for what no waiting will change
     * @throws InterruptedException when the waiting was ended; rows may have been written or not
     */
    void write(List<T> rows) throws IOException, InterruptedException;

    @Override
    void close();
}
