package io.adstream.common.dedup;

/**
 * The ids of the dedup horizon, as 64 bits of the id and 64 bits of the payload.
 *
 * <p>Open addressing with linear probing. The slot of an id grows with its hash, so that growing
 * and forgetting walk the memory in order. An id belongs to a generation (a slice of event time),
 * and generations are forgotten whole. Memory: 18 bytes per slot at a load of 0.6 to 0.8, that is
 * 22 to 30 bytes per id.
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

    /** Slots beyond the capacity, so that probing never wraps. */
    private static final int OVERFLOW = 64;

    private int capacity;
    private int size;

    /** Pairs of id and payload; an id of 0 marks an empty slot. */
    private long[] pairs;

    /** The low 16 bits of each slot's generation. */
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
     * @param generation a number that grows with event time; its low 16 bits are kept, so live
     *     generations must lie within 32,767 of each other
     */
    void add(long id, long payload, long generation) {
        pairs[2 * slot] = key(id);
        pairs[2 * slot + 1] = payload;
        generations[slot] = (short) generation;
        size++;
        if (size > capacity * MAX_LOAD || slot >= capacity + OVERFLOW - 2) {
            rebuild(Math.max((int) (size / LOAD_AFTER_GROWTH), capacity + MIN_CAPACITY), false, 0);
        }
    }

    /** Forgets every id of a generation before the given one. */
    void forgetBefore(long generation) {
        int remaining = 0;
        for (int i = 0; i < generations.length; i++) {
            if (pairs[2 * i] != 0 && !isBefore(generations[i], generation)) {
                remaining++;
            }
        }
        if (remaining < size) {
            rebuild(
                    Math.max(MIN_CAPACITY, (int) (remaining / LOAD_AFTER_GROWTH)),
                    true,
                    generation);
        }
    }

    private void rebuild(int newCapacity, boolean forget, long firstGeneration) {
        long[] oldPairs = pairs;
        short[] oldGenerations = generations;
        int wanted = newCapacity;
        while (!fill(wanted, oldPairs, oldGenerations, forget, firstGeneration)) {
            wanted += wanted / 2;
        }
    }

    /** False where a run of colliding ids reached the end of the overflow. */
    private boolean fill(
            int newCapacity,
            long[] oldPairs,
            short[] oldGenerations,
            boolean forget,
            long firstGeneration) {
        allocate(newCapacity);
        for (int i = 0; i < oldGenerations.length; i++) {
            long key = oldPairs[2 * i];
            if (key == 0 || (forget && isBefore(oldGenerations[i], firstGeneration))) {
                continue;
            }
            int at = home(key, capacity);
            while (pairs[2 * at] != 0) {
                at++;
            }
            if (at >= capacity + OVERFLOW - 2) {
                return false;
            }
            pairs[2 * at] = key;
            pairs[2 * at + 1] = oldPairs[2 * i + 1];
            generations[at] = oldGenerations[i];
            size++;
        }
        return true;
    }

    private void allocate(int newCapacity) {
        capacity = newCapacity;
        pairs = new long[2 * (newCapacity + OVERFLOW)];
        generations = new short[newCapacity + OVERFLOW];
        size = 0;
    }

    private static boolean isBefore(short stored, long generation) {
        return (short) (stored - (short) generation) < 0;
    }

    private static long key(long id) {
        return id == 0 ? 1 : id;
    }

    /** The lower half: the upper one has already chosen the partition, see {@link IdPartitions}. */
    private static int home(long key, int capacity) {
        return (int) (((key & 0xFFFF_FFFFL) * capacity) >>> 32);
    }
}
