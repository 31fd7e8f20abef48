package io.adstream.attribution.touch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import java.util.Arrays;

/**
 * What matching needs of conversions, as bytes in exchanges and in state: id and advertiser, each
 * as its length in UTF-8 (two bytes) and its bytes; length 0 where the conversion names no
 * advertiser. Several conversions stand one behind the other. State holds these bytes: the layout
 * never changes.
 */
public final class ConversionBytes {

    private static final int[] FIELDS = {AdEvents.EVENT_ID, AdEvents.ADVERTISER_ID};

    private ConversionBytes() {}

    /** The bytes of a conversion. */
    public static byte[] of(InputEvent conversion) {
        int size = 0;
        for (int field : FIELDS) {
            size += Short.BYTES + Math.max(0, conversion.length(field));
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (int field : FIELDS) {
            int length = Math.max(0, conversion.length(field));
            bytes[at++] = (byte) (length >> 8);
            bytes[at++] = (byte) length;
            if (length > 0) {
                System.arraycopy(
                        conversion.bytes(field), conversion.offset(field), bytes, at, length);
            }
            at += length;
        }
        return bytes;
    }

    /** Goes over conversions that stand one behind the other. */
    public static final class Cursor {

        private final byte[] bytes;
        private int next;
        private byte[] id = {};
        private byte[] advertiser = {};

        /** Stands before the first conversion. */
        public Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Goes on to the next conversion; false where there is none. */
        public boolean advance() {
            if (next == bytes.length) {
                return false;
            }
            id = field();
            advertiser = field();
            return true;
        }

        private byte[] field() {
            int length = (bytes[next] & 0xFF) << 8 | (bytes[next + 1] & 0xFF);
            int from = next + Short.BYTES;
            next = from + length;
            return Arrays.copyOfRange(bytes, from, next);
        }

        /** The conversion's id. */
        public String id() {
            return new String(id, UTF_8);
        }

        /** The advertiser that the conversion names; empty where it names none. */
        public byte[] advertiser() {
            return advertiser;
        }
    }
}
