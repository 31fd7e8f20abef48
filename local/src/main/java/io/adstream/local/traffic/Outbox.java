package io.adstream.local.traffic;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Records that are made and wait to be sent: repetitions of others, and what conflicts with one.
 */
final class Outbox {

    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong((Waiting w) -> w.record.sentAt)
                            .thenComparingLong(w -> w.order));
    private long order;

    private record Waiting(TrafficRecord record, long order) {}

    /** Keeps the record until its time of sending. */
    void add(TrafficRecord record) {
        waiting.add(new Waiting(record, order++));
    }

    /** Takes the next record whose time has come; null where there is none. */
    @Nullable TrafficRecord takeDue(long now) {
        Waiting next = waiting.peek();
        if (next == null || next.record.sentAt > now) {
            return null;
        }
        waiting.poll();
        return next.record;
    }
}
