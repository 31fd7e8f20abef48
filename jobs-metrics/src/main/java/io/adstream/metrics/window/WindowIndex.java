package io.adstream.metrics.window;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Which entities have a window that ends at a time, for one window size. */
final class WindowIndex {

    private final TreeMap<Long, List<EntityWindows>> byEnd = new TreeMap<>();

    void add(long end, EntityWindows entity) {
        byEnd.computeIfAbsent(end, time -> new ArrayList<>()).add(entity);
    }

    /** Whether a window ends at or before a time. */
    boolean endsBy(long time) {
        return !byEnd.isEmpty() && byEnd.firstKey() <= time;
    }

    /** The earliest end. */
    long firstEnd() {
        return byEnd.firstKey();
    }

    /** Takes the entities of the earliest end. */
    List<EntityWindows> takeFirst() {
        return byEnd.pollFirstEntry().getValue();
    }
}
