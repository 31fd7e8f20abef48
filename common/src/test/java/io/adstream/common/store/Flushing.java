package io.adstream.common.store;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.connector.sink2.SinkWriter;

/** A flush of a writer on a thread of its own, as a task does it, while a test harms the store. */
public final class Flushing {

    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final Thread task;

    /** Begins the flush. */
    public Flushing(SinkWriter<?> writer) {
        task =
                new Thread(
                        () -> {
                            try {
                                writer.flush(false);
                                result.complete(null);
                            } catch (Exception e) {
                                result.completeExceptionally(e);
                            }
                        },
                        "task");
        task.start();
    }

    /** Whether it has ended, well or not. */
    public boolean isDone() {
        return result.isDone();
    }

    /** Interrupts the task's thread, as Flink does when a job is cancelled. */
    public void cancel() {
        task.interrupt();
    }

    /** Waits until it is done; what it threw is the cause of an {@link ExecutionException}. */
    public void get(long seconds)
            throws InterruptedException, ExecutionException, TimeoutException {
        result.get(seconds, SECONDS);
    }
}
