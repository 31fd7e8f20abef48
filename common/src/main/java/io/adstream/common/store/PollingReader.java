package io.adstream.common.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/** Reads from a thread that asks a store. */
final class PollingReader<T> implements SourceReader<T, NoSplit> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PolledSource.Poll<T> poll;
    private final Duration interval;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<T> found = new ArrayDeque<>();
    private CompletableFuture<Void> available = new CompletableFuture<>();
    private @Nullable RuntimeException failure;

    PollingReader(String name, PolledSource.Poll<T> poll, Duration interval) {
        this.poll = poll;
        this.interval = interval;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        try (PolledSource.Session<T> session = poll.open()) {
            while (!Thread.currentThread().isInterrupted()) {
                add(session.poll());
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void add(List<T> elements) {
        lock.lock();
        try {
            found.addAll(elements);
            if (!found.isEmpty()) {
                available.complete(null);
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(RuntimeException cause) {
        lock.lock();
        try {
            failure = cause;
            available.complete(null);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) {
        T element;
        boolean more;
        lock.lock();
        try {
            if (failure != null) {
                throw new IllegalStateException(failure.getMessage(), failure);
            }
            element = found.poll();
            more = !found.isEmpty();
            if (!more && available.isDone()) {
                available = new CompletableFuture<>();
            }
        } finally {
            lock.unlock();
        }
        if (element != null) {
            output.collect(element);
        }
        return more ? InputStatus.MORE_AVAILABLE : InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        lock.lock();
        try {
            return available;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<NoSplit> snapshotState(long checkpointId) {
        return List.of();
    }

    @Override
    public void addSplits(List<NoSplit> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(PATIENCE.toMillis());
    }
}
