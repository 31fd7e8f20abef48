package io.adstream.attribution.touch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Touches as bytes, in exchanges and in state: event time (8 bytes), then click, ad, campaign and
 * advertiser id, each as its length in UTF-8 (one byte, two where it is above 127) and its bytes.
 * Several touches stand one behind the other. State holds these bytes: the layout never changes.
 *
 * <p>Only what a result names is kept of a click, and no strings are made of it before it is.
 */
public final class TouchBytes {

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int ONE_BYTE = 0x80;

    private static final int[] FIELDS = {
        AdEvents.EVENT_ID, AdEvents.AD_ID, AdEvents.CAMPAIGN_ID, AdEvents.ADVERTISER_ID
    };

    private TouchBytes() {}

    /** The bytes of a click. */
    public static byte[] of(InputEvent click) {
        int size = Long.BYTES;
        for (int field : FIELDS) {
            int length = click.length(field);
            size += (length < ONE_BYTE ? 1 : 2) + length;
        }
        byte[] bytes = new byte[size];
        LONG.set(bytes, 0, click.eventTime);
        int at = Long.BYTES;
        for (int field : FIELDS) {
            at = append(bytes, at, click.bytes(field), click.offset(field), click.length(field));
        }
        return bytes;
    }

    private static int append(byte[] to, int at, byte[] from, int offset, int length) {
        int next = at;
        if (length < ONE_BYTE) {
            to[next++] = (byte) length;
        } else {
            to[next++] = (byte) (length | ONE_BYTE);
            to[next++] = (byte) (length >> 7);
        }
        System.arraycopy(from, offset, to, next, length);
        return next + length;
    }

    /** Goes over touches that stand one behind the other. */
    public static final class Cursor {

        private final byte[] bytes;
        private int next;
        private int start;
        private long time;
        private final int[] from = new int[FIELDS.length];
        private final int[] length = new int[FIELDS.length];

        /** Stands before the first touch. */
        public Cursor(byte[] bytes) {
            this(bytes, 0);
        }

        /** Stands before the touch that begins at an offset. */
        public Cursor(byte[] bytes, int offset) {
            this.bytes = bytes;
            this.next = offset;
        }

        /** Goes on to the next touch; false where there is none. */
        public boolean advance() {
            if (next == bytes.length) {
                return false;
            }
            start = next;
            time = (long) LONG.get(bytes, next);
            next += Long.BYTES;
            for (int field = 0; field < FIELDS.length; field++) {
                int size = bytes[next++];
                if (size < 0) {
                    size = (size & (ONE_BYTE - 1)) | bytes[next++] << 7;
                }
                from[field] = next;
                length[field] = size;
                next += size;
            }
            return true;
        }

        /** Event time of the click. */
        public long time() {
            return time;
        }

        /** The touch that the cursor stands on. */
        public Position position() {
            return new Position(bytes, start, next, time, from[0], length[0], from[3], length[3]);
        }

        /** The touch that the cursor stands on, as strings. */
        public Touch touch() {
            return new Touch(string(0), string(1), string(2), string(3), time);
        }

        private String string(int field) {
            return new String(bytes, from[field], length[field], UTF_8);
        }
    }

    /**
     * Where a touch lies. Ordered by event time, then by click id in byte order: of two clicks at
     * one instant the later id is the later click.
     *
     * @param bytes holds the touch from {@code start} to {@code end}
     * @param time event time of the click
     */
    @SuppressWarnings("ArrayRecordComponent") // a view of state, compared by its order alone
    public record Position(
            byte[] bytes,
            int start,
            int end,
            long time,
            int idFrom,
            int idLength,
            int advertiserFrom,
            int advertiserLength)
            implements Comparable<Position> {

        @Override
        public int compareTo(Position other) {
            int order = Long.compare(time, other.time);
            return order != 0
                    ? order
                    : Arrays.compareUnsigned(
                            bytes,
                            idFrom,
                            idFrom + idLength,
                            other.bytes,
                            other.idFrom,
                            other.idFrom + other.idLength);
        }

        /** Whether the click is of an advertiser, byte for byte. */
        public boolean isOf(byte[] advertiser) {
            return Arrays.equals(
                    bytes,
                    advertiserFrom,
                    advertiserFrom + advertiserLength,
                    advertiser,
                    0,
                    advertiser.length);
        }

        /** Size of the touch. */
        public int length() {
            return end - start;
        }
    }
}
