package io.adstream.common.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A few short names that are looked up by their bytes: each name is two longs, and a look-up one
 * multiplication and mostly one comparison, without a string.
 */
final class NameTable {

    /** No such name. */
    static final int UNKNOWN = -1;

    /** The longest name, bytes; that many must be readable behind the start of a look-up. */
    static final int MAX_NAME = 16;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] lengths;
    private final long[] heads;
    private final long[] tails;
    private final byte[] slots = new byte[64];

    /**
     * @param names at most 31, each of 1 to {@link #MAX_NAME} bytes
     */
    NameTable(List<String> names) {
        if (names.size() > 31) {
            throw new IllegalArgumentException("too many names: " + names);
        }
        lengths = new int[names.size()];
        heads = new long[lengths.length];
        tails = new long[lengths.length];
        Arrays.fill(slots, (byte) UNKNOWN);
        for (int i = 0; i < lengths.length; i++) {
            byte[] name = names.get(i).getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > MAX_NAME) {
                throw new IllegalArgumentException("an empty name, or too long a one: " + names);
            }
            byte[] padded = Arrays.copyOf(name, MAX_NAME);
            lengths[i] = name.length;
            heads[i] = (long) LONG.get(padded, 0);
            tails[i] = (long) LONG.get(padded, 8);
            int slot = slot(heads[i], tails[i]);
            while (slots[slot] != UNKNOWN) {
                slot = (slot + 1) % slots.length;
            }
            slots[slot] = (byte) i;
        }
    }

    int size() {
        return lengths.length;
    }

    int length(int name) {
        return lengths[name];
    }

    /** Whether the bytes from here on begin with the name. */
    boolean startsWith(byte[] bytes, int from, int name) {
        int length = lengths[name];
        return ((long) LONG.get(bytes, from) & firstBytes(length)) == heads[name]
                && ((long) LONG.get(bytes, from + 8) & firstBytes(length - 8)) == tails[name];
    }

    /** Which name these bytes are, or {@link #UNKNOWN}. No name holds U+0000, nor may the bytes. */
    int find(byte[] bytes, int from, int length) {
        if (length > MAX_NAME) {
            return UNKNOWN;
        }
        long head = (long) LONG.get(bytes, from) & firstBytes(length);
        long tail = (long) LONG.get(bytes, from + 8) & firstBytes(length - 8);
        int slot = slot(head, tail);
        int candidate;
        while ((candidate = slots[slot]) != UNKNOWN) {
            if (heads[candidate] == head && tails[candidate] == tail) {
                return candidate;
            }
            slot = (slot + 1) % slots.length;
        }
        return UNKNOWN;
    }

    private static int slot(long head, long tail) {
        return (int) ((head * 0x9E3779B97F4A7C15L + tail * 0xC2B2AE3D27D4EB4FL) >>> 58);
    }

    /**
     * A mask for the first bytes of a long read little-endian: none below one, all from eight on.
     */
    private static long firstBytes(int count) {
        return count >= 8 ? -1L : count <= 0 ? 0 : -1L >>> (64 - 8 * count);
    }
}
