package io.adstream.common.dedup;

import java.util.BitSet;

/**
 * The ids of the dedup horizon, as 64 bits of the id and 64 bits of the payload.
 *
 * <p>Open addressing with linear probing. The slot of an id grows with its hash, so that growing
 * and forgetting walk the memory in order. An id belongs to a generation, and generations are
 * forgotten whole. Memory: 18 bytes per slot at a load of 0.6 to 0.8, that is 22 to 30 bytes per
 * id.
 *
 * <p>Not safe for threads.
 */
final class FingerprintTable {

    /** What is known of an id. */
    enum Match {
        /** The id was not seen within the horizon. */
        NEW,
        /** The id was seen with the same payload. */
        DUPLICATE,
        /** The id was seen with another payload (or another id has the same 64 bits). */
        CONFLICT
    }

    private static final int MIN_CAPACITY = 64;
    private static final double MAX_LOAD = 0.8;
    private static final double LOAD_AFTER_GROWTH = 0.6;

    private static final int MIN_OVERFLOW = 64;

    /** How many generations there can be at a time: they are numbered in 16 bits. */
    static final int MAX_GENERATIONS = 1 << 16;

    private int capacity;

    /** Slots beyond the capacity, so that probing never wraps; more where a run needs them. */
    private int overflow = MIN_OVERFLOW;

    private int size;

    /** Pairs of id and payload; an id of 0 marks an empty slot. */
    private long[] pairs;

    /** Each slot's generation. */
    private short[] generations;

    /** The slot where the latest search ended. */
    private int slot;

    FingerprintTable() {
        allocate(MIN_CAPACITY);
    }

    int size() {
        return size;
    }

    /** Bytes that the table holds. */
    long bytes() {
        return 8L * pairs.length + 2L * generations.length;
    }

    /** Searches the id; {@link #add} right after a NEW uses the place that was found. */
    Match find(long id, long payload) {
        long key = key(id);
        int at = home(key, capacity);
        while (true) {
            long stored = pairs[2 * at];
            if (stored == key) {
                slot = at;
                return pairs[2 * at + 1] == payload ? Match.DUPLICATE : Match.CONFLICT;
            }
            if (stored == 0) {
                slot = at;
                return Match.NEW;
            }
            at++;
        }
    }

    /**
     * Remembers an id that {@link #find} has just reported as NEW.
     *
     * @param generation with which it will be forgotten, below {@link #MAX_GENERATIONS}
     */
    void add(long id, long payload, int generation) {
        pairs[2 * slot] = key(id);
        pairs[2 * slot + 1] = payload;
        generations[slot] = (short) generation;
        size++;
        if (size > capacity * MAX_LOAD) {
            rebuild(
                    Math.max((int) (size / LOAD_AFTER_GROWTH), capacity + MIN_CAPACITY),
                    new BitSet());
        } else if (slot >= endOfRuns()) {
            overflow *= 2;
            rebuild(capacity, new BitSet());
        }
    }

    /** Forgets every id of these generations. */
    void forget(BitSet past) {
        int remaining = 0;
        for (int i = 0; i < generations.length; i++) {
            if (pairs[2 * i] != 0 && !past.get(Short.toUnsignedInt(generations[i]))) {
                remaining++;
            }
        }
        if (remaining < size) {
            overflow = MIN_OVERFLOW;
            rebuild(Math.max(MIN_CAPACITY, (int) (remaining / LOAD_AFTER_GROWTH)), past);
        }
    }

    /** Moves all ids but those of past generations into a table of the given capacity. */
    private void rebuild(int newCapacity, BitSet past) {
        long[] oldPairs = pairs;
        short[] oldGenerations = generations;
        // Only many ids of one home need more overflow, and a larger capacity would not part them.
        while (!fill(newCapacity, oldPairs, oldGenerations, past)) {
            overflow *= 2;
        }
    }

    /** False where a run of colliding ids reached the end of the overflow. */
    private boolean fill(int newCapacity, long[] oldPairs, short[] oldGenerations, BitSet past) {
        allocate(newCapacity);
        for (int i = 0; i < oldGenerations.length; i++) {
            long key = oldPairs[2 * i];
            if (key == 0 || past.get(Short.toUnsignedInt(oldGenerations[i]))) {
                continue;
            }
            int at = home(key, capacity);
            while (pairs[2 * at] != 0) {
                at++;
            }
            if (at >= endOfRuns()) {
                return false;
            }
            pairs[2 * at] = key;
            pairs[2 * at + 1] = oldPairs[2 * i + 1];
            generations[at] = oldGenerations[i];
            size++;
        }
        return true;
    }

    /** The slot that no run may reach, so that every search ends at an empty one. */
    private int endOfRuns() {
        return capacity + overflow - 2;
    }

    private void allocate(int newCapacity) {
        capacity = newCapacity;
        pairs = new long[2 * (newCapacity + overflow)];
        generations = new short[newCapacity + overflow];
        size = 0;
    }

    private static long key(long id) {
        return id == 0 ? 1 : id;
    }

    /** The lower half: the upper one has already chosen the partition, see {@link IdPartitions}. */
    private static int home(long key, int capacity) {
        return (int) (((key & 0xFFFF_FFFFL) * capacity) >>> 32);
    }
}
