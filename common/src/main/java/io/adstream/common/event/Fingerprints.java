package io.adstream.common.event;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The two 64-bit hashes by which duplicates and conflicts are known: of the event id, and of
 * everything that was parsed.
 *
 * <p>State keeps these hashes: algorithm, seeds and the layout of the payload are part of the
 * state's format and never change within it. Both are XXH3. The payload's hash is taken over, in
 * this order and little-endian: event type (8 bytes), event time (8), each number in micros (8,
 * {@link InputEvent#NO_NUMBER} where absent), then each string as its length in bytes (4, -1 where
 * absent) and its UTF-8 bytes. It does not depend on how the JSON text was written.
 */
final class Fingerprints {

    /** "adstrmid" in ASCII. */
    private static final long ID_SEED = 0x61647374726D6964L;

    /** "adstrmpl" in ASCII. */
    private static final long PAYLOAD_SEED = 0x61647374726D706CL;

    private static final Hasher64 ID = Hashing.xxh3_64(ID_SEED);
    private static final Hasher64 PAYLOAD = Hashing.xxh3_64(PAYLOAD_SEED);

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int stringFields;
    private final int numberFields;
    private final byte[] layout;

    /**
     * @param contract the contract of the events
     * @param maxBytes the longest value of an event
     */
    Fingerprints(EventContract contract, int maxBytes) {
        stringFields = contract.stringFields();
        numberFields = contract.numberFields();
        layout =
                new byte
                        [Long.BYTES * (2 + contract.numberFields())
                                + Integer.BYTES * contract.stringFields()
                                + maxBytes
                                + Long.BYTES];
    }

    /** The hash of an id, never 0. */
    static long id(byte[] bytes, int from, int length) {
        long hash = ID.hashBytesToLong(bytes, from, length);
        return hash == 0 ? 1 : hash;
    }

    /**
     * The hash of all that was parsed.
     *
     * @param text holds the value of the event and at least eight more bytes
     * @param unescaped holds {@link InputEvent#decoded} and at least eight more bytes
     */
    long payload(InputEvent event, byte[] text, byte[] unescaped) {
        LONG.set(layout, 0, (long) event.eventType);
        LONG.set(layout, 8, event.eventTime);
        int at = 16;
        for (int field = 0; field < numberFields; field++) {
            LONG.set(layout, at, event.numbers[field]);
            at += Long.BYTES;
        }
        int valueLength = event.value.length;
        int[] lengths = event.lengths;
        for (int field = 0; field < stringFields; field++) {
            int length = lengths[field];
            INT.set(layout, at, length);
            at += Integer.BYTES;
            if (length > 0) {
                int start = event.starts[field];
                if (start < valueLength) {
                    copy(text, start, at, length);
                } else {
                    copy(unescaped, start - valueLength, at, length);
                }
                at += length;
            }
        }
        return PAYLOAD.hashBytesToLong(layout, 0, at);
    }

    /** Copies eight bytes at a time; what is copied too much is written over or not hashed. */
    private void copy(byte[] from, int start, int at, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            LONG.set(layout, at + i, (long) LONG.get(from, start + i));
        }
    }
}
