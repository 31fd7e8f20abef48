package io.adstream.testing.flink;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * What a stream has emitted so far, in the order of arrival.
 *
 * @param <T> type of the records
 */
public final class Collected<T> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Queue<T> queue;

    Collected(Queue<T> queue) {
        this.queue = queue;
    }

    /** The records so far. */
    public List<T> records() {
        return List.copyOf(queue);
    }

    /** Waits until at least so many records are there, and gives all. */
    public List<T> awaitCount(int count) {
        return awaitUntil(records -> records.size() >= count);
    }

    /** Waits until the records so far satisfy the condition, and gives them. */
    public List<T> awaitUntil(Predicate<List<T>> condition) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(this::records, condition);
    }

    /** Forgets the records so far. */
    public void clear() {
        queue.clear();
    }
}
