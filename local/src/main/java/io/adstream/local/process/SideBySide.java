package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Does what does not depend on each other at the same time. */
public final class SideBySide {

    private SideBySide() {}

    /**
     * Returns when all is done.
     *
     * @param atOnce how many are done at the same time, at most
     * @param done told each result, in the order in which they come, on the caller's thread
     * @throws RuntimeException the first failure; what is not done by then is interrupted
     * @throws CommandFailure where a failure was a checked exception, or this was interrupted
     */
    public static <T> void run(List<Callable<T>> tasks, int atOnce, Consumer<T> done) {
        if (tasks.isEmpty()) {
            return;
        }
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(atOnce, tasks.size()));
        try {
            CompletionService<T> running = new ExecutorCompletionService<>(executor);
            tasks.forEach(running::submit);
            for (int i = 0; i < tasks.size(); i++) {
                done.accept(running.take().get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new CommandFailure("The start failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        } finally {
            executor.shutdownNow();
        }
    }
}
