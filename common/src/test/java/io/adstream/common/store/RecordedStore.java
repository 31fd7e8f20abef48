package io.adstream.common.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A store that can be away, in memory; rows are {@code key=value}. */
final class RecordedStore {

    private static final Map<String, RecordedStore> BY_NAME = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, String> rows = new HashMap<>();
    private boolean away;
    private int waiting;
    private @Nullable String refusal;

    /** The store of a name, also for factories that were serialized. */
    static RecordedStore named(String name) {
        return BY_NAME.computeIfAbsent(name, any -> new RecordedStore());
    }

    void setAway(boolean isAway) {
        lock.lock();
        try {
            away = isAway;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on it answers with an error. */
    void refuse(String message) {
        lock.lock();
        try {
            refusal = message;
        } finally {
            lock.unlock();
        }
    }

    Map<String, String> rows() {
        lock.lock();
        try {
            return new HashMap<>(rows);
        } finally {
            lock.unlock();
        }
    }

    /** How many writers wait for it. */
    int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    static BatchWriterFactory<String> writers(String name) {
        return (metrics, subtask) -> named(name).writer();
    }

    BatchWriter<String> writer() {
        return new BatchWriter<>() {
            @Override
            public void write(List<String> batch) throws IOException, InterruptedException {
                store(new ArrayList<>(batch));
            }

            @Override
            public void close() {}
        };
    }

    private void store(List<String> batch) throws IOException, InterruptedException {
        lock.lock();
        try {
            waiting++;
            while (away) {
                changed.await();
            }
            if (refusal != null) {
                throw new IOException(refusal);
            }
            for (String row : batch) {
                rows.put(key(row), row.substring(row.indexOf('=') + 1));
            }
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    static String key(String row) {
        return row.substring(0, row.indexOf('='));
    }
}
