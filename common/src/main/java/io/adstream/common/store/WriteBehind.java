package io.adstream.common.store;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The latest row of each key until a store has it, written by a thread of its own: whoever gives
 * rows never waits for the store. While the store is away rows of one key replace each other.
 *
 * @param <T> the row; it must not be changed after it was given
 */
public final class WriteBehind<T> implements AutoCloseable {

    /** Rows that are written together. */
    static final int BATCH = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BatchWriter<T> writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, T> waiting = new LinkedHashMap<>();
    private final Map<String, T> inFlight = new LinkedHashMap<>();
    private final Thread thread;
    private @Nullable Exception failure;
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param name of the thread
     * @param writer used and closed by the thread
     */
    public WriteBehind(String name, BatchWriter<T> writer) {
        this.writer = writer;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a row in place of what waits under the key; never blocks. */
    public void put(String key, T row) {
        lock.lock();
        try {
            waiting.put(key, row);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the store may not have yet, the latest row of each key. */
    public Map<String, T> unsent() {
        lock.lock();
        try {
            Map<String, T> unsent = new LinkedHashMap<>(inFlight);
            unsent.putAll(waiting);
            return unsent;
        } finally {
            lock.unlock();
        }
    }

    /** How many rows the store may not have yet. */
    public int size() {
        lock.lock();
        try {
            return waiting.size() + inFlight.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells of a failure that ended the thread.
     *
     * @throws IOException what the store answered
     */
    public void check() throws IOException {
        lock.lock();
        try {
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the store has every row, or until this is closed. */
    public void drain() throws IOException, InterruptedException {
        lock.lock();
        try {
            while (!closed && (!waiting.isEmpty() || !inFlight.isEmpty())) {
                throwFailure();
                changed.await();
            }
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, whatever still waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private void run() {
        try (writer) {
            for (List<T> batch = take(); !batch.isEmpty(); batch = take()) {
                writer.write(batch);
                written();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts this thread, or a JVM that ends.
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** The next rows; none when this is closed. */
    private List<T> take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            if (closed) {
                return List.of();
            }
            var next = waiting.entrySet().iterator();
            while (next.hasNext() && inFlight.size() < BATCH) {
                var entry = next.next();
                inFlight.put(entry.getKey(), entry.getValue());
                next.remove();
            }
            return new ArrayList<>(inFlight.values());
        } finally {
            lock.unlock();
        }
    }

    private void written() {
        lock.lock();
        try {
            inFlight.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Exception cause) {
        lock.lock();
        try {
            failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
