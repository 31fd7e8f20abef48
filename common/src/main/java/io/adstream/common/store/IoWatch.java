package io.adstream.common.store;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends blocking I/O of one thread that takes too long, or whose thread was interrupted: neither
 * writing to a socket nor reading from it does so by itself. It closes the connection from a thread
 * of its own, and the blocked call fails.
 */
public final class IoWatch implements AutoCloseable {

    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

    private final String threadName;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private @Nullable Thread watcher;
    private @Nullable Thread watched;
    private @Nullable Runnable disconnect;
    private long deadlineNanos;
    private boolean closed;

    /**
     * @param threadName name of the watching thread
     */
    public IoWatch(String threadName) {
        this.threadName = threadName;
    }

    /**
     * Begins to watch the calling thread.
     *
     * @param limit how long the I/O may take
     * @param aDisconnect closes the connection at once, whatever is going on with it; called at
     *     most once, from another thread, never after {@link #end}
     */
    public void begin(Duration limit, Runnable aDisconnect) {
        lock.lock();
        try {
            watched = Thread.currentThread();
            disconnect = aDisconnect;
            deadlineNanos = System.nanoTime() + limit.toNanos();
            if (watcher == null && !closed) {
                watcher = new Thread(this::watch, threadName);
                watcher.setDaemon(true);
                watcher.start();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The I/O is done, well or not. */
    public void end() {
        lock.lock();
        try {
            watched = null;
            disconnect = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void watch() {
        lock.lock();
        try {
            while (!closed) {
                Thread owner = watched;
                Runnable cut = disconnect;
                if (owner == null || cut == null) {
                    changed.await();
                } else if (owner.isInterrupted() || System.nanoTime() - deadlineNanos >= 0) {
                    disconnect = null;
                    cut.run();
                } else {
                    long unused = changed.awaitNanos(LOOK_EVERY_NANOS);
                }
            }
        } catch (InterruptedException e) {
            closed = true; // nobody interrupts this thread but a JVM that ends
        } finally {
            lock.unlock();
        }
    }
}
