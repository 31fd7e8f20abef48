package io.adstream.common.store;

import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import org.apache.flink.metrics.Counter;

/**
 * Remembers what was done that must not be done twice, where a crash leaves it. What is claimed is
 * about to be done; a claim that is found later is of an attempt whose end nobody knows.
 */
public interface OnceOnly extends AutoCloseable {

    /**
     * Claims what was neither done nor is claimed. What is still claimed by an earlier attempt
     * becomes uncertain. Waits while the store is away.
     *
     * @param uncertain counts what became uncertain
     * @return what the caller may do now
     * @throws IOException for what no waiting will change
     * @throws InterruptedException when the waiting was ended
     */
    Set<String> claim(Collection<String> keys, Counter uncertain)
            throws IOException, InterruptedException;

    /** It was done. */
    void done(Collection<String> keys) throws IOException, InterruptedException;

    /** It was certainly not done, and may be claimed again. */
    void release(Collection<String> keys) throws IOException, InterruptedException;

    /** Nobody knows whether it was done. */
    void uncertain(Collection<String> keys) throws IOException, InterruptedException;

    @Override
    void close();
}
