package io.adstream.common.event;

/** The beginning of a text for messages: short, and in printable ASCII whatever the bytes are. */
final class Excerpt {

    private static final int MAX_BYTES = 64;
    private static final String HEX = "0123456789abcdef";

    private Excerpt() {}

    /** At most the first 64 bytes; a byte that is not printable ASCII as {@code \xNN}. */
    static String of(byte[] bytes, int from, int length) {
        int shown = Math.min(length, MAX_BYTES);
        StringBuilder out = new StringBuilder(shown + 8).append('\'');
        for (int at = from; at < from + shown; at++) {
            int b = bytes[at] & 0xFF;
            if (b >= ' ' && b < 0x7F) {
                out.append((char) b);
            } else {
                out.append("\\x").append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xF));
            }
        }
        return out.append(length > shown ? "'..." : "'").toString();
    }
}
