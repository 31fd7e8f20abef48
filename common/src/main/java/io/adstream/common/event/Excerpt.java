package io.adstream.common.event;

import org.jspecify.annotations.Nullable;

/**
 * Text of others for messages and logs: short, and with nothing in it that ends a line or steers a
 * terminal.
 */
public final class Excerpt {

    private static final int MAX_BYTES = 64;
    private static final int MAX_CHARS = 1000;
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

    /**
     * At most the first 1,000 characters, in any script; control and format characters, line
     * separators and lone surrogates as {@code \}{@code uNNNN}. Null is {@code null}.
     */
    public static String oneLine(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        int shown = Math.min(text.length(), MAX_CHARS);
        StringBuilder out = new StringBuilder(shown + 8);
        int at = 0;
        while (at < shown) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            if (isPrintable(character)) {
                out.appendCodePoint(character);
            } else {
                text.substring(at, next).chars().forEach(unit -> escape(unit, out));
            }
            at = next;
        }
        return text.length() > at ? out.append("...").toString() : out.toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static void escape(int unit, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt(unit >> shift & 0xF));
        }
    }
}
