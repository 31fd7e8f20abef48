package io.adstream.common.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes once over a JSON text, holds it strictly against RFC 8259, and notes where the values of the
 * wanted members of the root object lie. Everything else is checked and skipped.
 *
 * <p>The text is copied into an array that goes on with zeros: a zero ends every loop, since it is
 * valid nowhere in JSON, and eight bytes can be read at any position of the text.
 */
final class ObjectScanner {

    // What the value of a member is. Bytes and not an enum: they are written for every member.
    static final byte NULL = 0;
    static final byte STRING = 1;
    static final byte NUMBER = 2;

    /** A boolean, object or array. */
    static final byte OTHER = 3;

    /** Containers may be nested this deep, the root counted as one. */
    static final int MAX_DEPTH = 16;

    /** Zeros behind the text; names are looked up by two longs. */
    static final int SLACK = 32;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private static final int TRUE_TEXT = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int NULL_TEXT = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;
    private static final int FALS_TEXT = 'f' | 'a' << 8 | 'l' << 16 | 's' << 24;

    /** A failed step; positions are never negative. */
    private static final int FAILED = -1;

    /** The string just read has escapes. */
    private static final int ESCAPED = 1;

    /** The string just read holds U+0000 or a lone surrogate. */
    private static final int UNCLEAN = 2;

    /**
     * A number with an exponent or a length beyond this might be beyond PostgreSQL's {@code
     * numeric} (131,072 digits before the point, 16,383 after it).
     */
    private static final int FAR = 8_000;

    private final NameTable names;

    /** The text, then zeros. */
    final byte[] text;

    private int length;
    private int stringFlags;

    // What was found, by member.
    private final byte[] tokens;
    private final int[] starts;
    private final int[] ends;
    private int seen;
    private int escaped;
    private int unclean;
    private boolean otherUnclean;
    private boolean farNumber;

    // Where and why the text is not JSON.
    private int failedAt;
    private @Nullable String failure;

    private final byte[] nameScratch;

    /**
     * @param names the wanted members
     * @param maxLength the longest text, bytes
     */
    ObjectScanner(List<String> names, int maxLength) {
        this.names = new NameTable(names);
        tokens = new byte[names.size()];
        starts = new int[names.size()];
        ends = new int[names.size()];
        text = new byte[maxLength + SLACK];
        nameScratch = new byte[maxLength + SLACK];
    }

    /**
     * Reads one text.
     *
     * @param value the text, not longer than the scanner was made for
     * @return whether it is one JSON object in which no wanted member comes twice; else {@link
     *     #failure()} says why
     */
    boolean scan(byte[] value) {
        length = value.length;
        System.arraycopy(value, 0, text, 0, length);
        for (int i = 0; i < SLACK; i += 8) {
            LONG.set(text, length + i, 0L);
        }
        seen = 0;
        escaped = 0;
        unclean = 0;
        otherUnclean = false;
        farNumber = false;
        stringFlags = 0;
        failure = null;

        int at = space(0);
        if (text[at] != '{') {
            fail("expected an object", at);
            return false;
        }
        at = space(at + 1);
        if (text[at] == '}') {
            at++;
        } else {
            at = members(at);
            if (at == FAILED) {
                return false;
            }
        }
        at = space(at);
        if (at != length) {
            fail("expected the end after the object", at);
            return false;
        }
        return true;
    }

    /** The members of the root object, from the first to behind the closing brace. */
    private int members(int from) {
        int at = from;
        int expected = 0;
        while (true) {
            if (text[at] != '"') {
                return fail("expected a member name", at);
            }
            int name = at + 1;
            int member;
            if (expected < names.size()
                    && names.startsWith(text, name, expected)
                    && text[name + names.length(expected)] == '"') {
                // Producers mostly write the fields in the contract's order.
                member = expected;
                at = name + names.length(expected);
            } else {
                at = string(name);
                if (at == FAILED) {
                    return FAILED;
                }
                member = find(name, at);
            }
            if (member != NameTable.UNKNOWN) {
                if ((seen & 1 << member) != 0) {
                    return fail("a field comes twice", name - 1);
                }
                seen |= 1 << member;
                expected = member + 1;
            }
            at = text[at + 1] == ':' ? at + 2 : colon(at + 1);
            if (at == FAILED) {
                return FAILED;
            }
            at = space(at);
            at = member == NameTable.UNKNOWN ? other(at) : wanted(member, at);
            if (at == FAILED) {
                return FAILED;
            }
            at = space(at);
            if (text[at] == ',') {
                at = space(at + 1);
            } else if (text[at] == '}') {
                return at + 1;
            } else {
                return fail("expected , or }", at);
            }
        }
    }

    /** The member of the name that lies between two positions, or {@link NameTable#UNKNOWN}. */
    private int find(int from, int to) {
        if (stringFlags == 0) {
            return names.find(text, from, to - from);
        }
        if ((stringFlags & UNCLEAN) != 0) {
            otherUnclean = true;
            stringFlags = 0;
            return NameTable.UNKNOWN;
        }
        stringFlags = 0;
        int length = decode(from, to, nameScratch, 0);
        return names.find(nameScratch, 0, length);
    }

    /** Where a wanted member's value lies; returns the position behind it. */
    private int wanted(int member, int from) {
        int at;
        byte token;
        byte first = text[from];
        if (first == '"') {
            at = string(from + 1);
            if (at == FAILED) {
                return FAILED;
            }
            starts[member] = from + 1;
            ends[member] = at;
            tokens[member] = STRING;
            if (stringFlags != 0) {
                escaped |= 1 << member;
                unclean |= (stringFlags & UNCLEAN) != 0 ? 1 << member : 0;
                stringFlags = 0;
            }
            return at + 1;
        }
        if (first == '-' || (first >= '0' && first <= '9')) {
            at = number(from);
            token = NUMBER;
        } else if (first == 'n') {
            at = literal(from);
            token = NULL;
        } else {
            at = other(from);
            token = OTHER;
        }
        starts[member] = from;
        ends[member] = at;
        tokens[member] = token;
        return at;
    }

    /** A value of any kind at depth 2; returns the position behind it. */
    private int other(int from) {
        int at = from;
        int depth = 1;
        // One bit for each open container below the root, the innermost lowest: 1 for an object.
        int objects = 0;
        while (true) {
            byte c = text[at];
            if (c == '{' || c == '[') {
                if (++depth > MAX_DEPTH) {
                    return fail("nested deeper than " + MAX_DEPTH, at);
                }
                boolean object = c == '{';
                objects = objects << 1 | (object ? 1 : 0);
                at = space(at + 1);
                if (text[at] != (object ? '}' : ']')) {
                    at = object ? name(at) : at;
                    if (at == FAILED) {
                        return FAILED;
                    }
                    continue;
                }
            } else {
                at = scalar(at);
                if (at == FAILED || depth == 1) {
                    return at;
                }
                at = space(at);
            }
            // Behind a value, or at the end of an empty container: close what closes here.
            while (text[at] == ((objects & 1) == 1 ? '}' : ']')) {
                at++;
                objects >>>= 1;
                if (--depth == 1) {
                    return at;
                }
                at = space(at);
            }
            if (text[at] != ',') {
                return fail((objects & 1) == 1 ? "expected , or }" : "expected , or ]", at);
            }
            at = space(at + 1);
            if ((objects & 1) == 1) {
                at = name(at);
                if (at == FAILED) {
                    return FAILED;
                }
            }
        }
    }

    /** A member name of a nested object and its colon; returns where the value begins. */
    private int name(int from) {
        if (text[from] != '"') {
            return fail("expected a member name", from);
        }
        int at = string(from + 1);
        if (at == FAILED) {
            return FAILED;
        }
        noteOther();
        at = colon(at + 1);
        return at == FAILED ? FAILED : space(at);
    }

    private int scalar(int from) {
        byte first = text[from];
        if (first == '"') {
            int at = string(from + 1);
            noteOther();
            return at == FAILED ? FAILED : at + 1;
        }
        return first == '-' || (first >= '0' && first <= '9') ? number(from) : literal(from);
    }

    /** Takes the flags of a string that belongs to no wanted member. */
    private void noteOther() {
        otherUnclean |= (stringFlags & UNCLEAN) != 0;
        stringFlags = 0;
    }

    private int literal(int from) {
        int head = (int) INT.get(text, from);
        if (head == NULL_TEXT || head == TRUE_TEXT) {
            return from + 4;
        }
        if (head == FALS_TEXT && text[from + 4] == 'e') {
            return from + 5;
        }
        return fail("expected a value", from);
    }

    private int number(int from) {
        int at = text[from] == '-' ? from + 1 : from;
        if (text[at] == '0') {
            at++;
        } else {
            int digits = at;
            at = digits(at);
            if (at == digits) {
                return fail("expected a digit", at);
            }
        }
        if (text[at] == '.') {
            int digits = at + 1;
            at = digits(digits);
            if (at == digits) {
                return fail("expected a digit", at);
            }
        }
        if ((text[at] | 0x20) == 'e') {
            at = exponent(at + 1);
        }
        if (at - from > FAR) {
            farNumber = true;
        }
        return at;
    }

    private int exponent(int from) {
        int digits = text[from] == '+' || text[from] == '-' ? from + 1 : from;
        int at = digits;
        int magnitude = 0;
        while (text[at] >= '0' && text[at] <= '9') {
            magnitude = Math.min(magnitude * 10 + text[at] - '0', FAR + 1);
            at++;
        }
        if (at == digits) {
            return fail("expected a digit", at);
        }
        if (magnitude > FAR) {
            farNumber = true;
        }
        return at;
    }

    private int digits(int from) {
        int at = from;
        while (text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    private int colon(int from) {
        int at = space(from);
        return text[at] == ':' ? at + 1 : fail("expected :", at);
    }

    private int space(int from) {
        int at = from;
        byte c;
        while ((c = text[at]) <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
            at++;
        }
        return at;
    }

    /** A string from behind its opening quote; returns the position of the closing one. */
    private int string(int from) {
        int at = from;
        while (true) {
            long eight = (long) LONG.get(text, at);
            long quote = eight ^ QUOTES;
            long backslash = eight ^ BACKSLASHES;
            // A high bit for each byte that is a quote, a backslash, a control character or not
            // ASCII. A borrow can set further ones, but only above a right one.
            long stops =
                    (((quote - ONES) & ~quote)
                                    | ((backslash - ONES) & ~backslash)
                                    | (eight - SPACES)
                                    | eight)
                            & HIGH_BITS;
            if (stops == 0) {
                at += 8;
                continue;
            }
            at += Long.numberOfTrailingZeros(stops) >>> 3;
            byte c = text[at];
            if (c == '"') {
                return at;
            }
            if (c == '\\') {
                at = escape(at);
            } else if (c < 0) {
                at = beyondAscii(at);
            } else {
                return fail(
                        at >= length ? "a string does not end" : "a control character in a string",
                        at);
            }
            if (at == FAILED) {
                return FAILED;
            }
        }
    }

    private int escape(int backslash) {
        stringFlags |= ESCAPED;
        switch (text[backslash + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return backslash + 2;
            }
            case 'u' -> {
                int unit = hex(backslash + 2);
                if (unit < 0) {
                    return fail("expected four hexadecimal digits", backslash);
                }
                if (unit == 0) {
                    stringFlags |= UNCLEAN;
                } else if (unit >= 0xD800 && unit <= 0xDFFF) {
                    if (unit < 0xDC00 && lowSurrogate(backslash + 6) != 0) {
                        return backslash + 12;
                    }
                    stringFlags |= UNCLEAN;
                }
                return backslash + 6;
            }
            default -> {
                return fail("an unknown escape", backslash);
            }
        }
    }

    /** The low surrogate that is written as an escape here, or 0. */
    private int lowSurrogate(int at) {
        if (text[at] != '\\' || text[at + 1] != 'u') {
            return 0;
        }
        int unit = hex(at + 2);
        return unit >= 0xDC00 && unit <= 0xDFFF ? unit : 0;
    }

    /** Four hexadecimal digits as a number; negative where they are not. */
    private int hex(int at) {
        return hexDigit(text[at]) << 12
                | hexDigit(text[at + 1]) << 8
                | hexDigit(text[at + 2]) << 4
                | hexDigit(text[at + 3]);
    }

    private static int hexDigit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int letter = (c | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }

    /** A run of UTF-8 sequences of two to four bytes; returns the position behind it. */
    private int beyondAscii(int from) {
        int at = from;
        int lead;
        while ((lead = text[at]) < 0) {
            lead &= 0xFF;
            int second = text[at + 1] & 0xFF;
            if (lead < 0xE0) {
                if (lead < 0xC2 || !continues(second)) {
                    return notUtf8(at);
                }
                at += 2;
            } else if (lead < 0xF0) {
                // No overlong form, no surrogate.
                boolean secondFits =
                        lead == 0xE0
                                ? second >= 0xA0 && second <= 0xBF
                                : lead == 0xED
                                        ? second >= 0x80 && second <= 0x9F
                                        : continues(second);
                if (!secondFits || !continues(text[at + 2])) {
                    return notUtf8(at);
                }
                at += 3;
            } else {
                // No overlong form, nothing above U+10FFFF.
                boolean secondFits =
                        lead == 0xF0
                                ? second >= 0x90 && second <= 0xBF
                                : lead == 0xF4
                                        ? second >= 0x80 && second <= 0x8F
                                        : lead < 0xF4 && continues(second);
                if (!secondFits || !continues(text[at + 2]) || !continues(text[at + 3])) {
                    return notUtf8(at);
                }
                at += 4;
            }
        }
        return at;
    }

    private static boolean continues(int b) {
        return (b & 0xC0) == 0x80;
    }

    private int notUtf8(int at) {
        return fail("not UTF-8", at);
    }

    private int fail(String why, int at) {
        failure = at >= length ? "ends too early: " + why : why;
        failedAt = Math.min(at, length);
        return FAILED;
    }

    /**
     * Writes the text that a string's JSON text stands for as UTF-8; never more bytes than it has.
     *
     * @param from behind the opening quote
     * @param to at the closing quote; between them lies a string that was found clean
     * @return how many bytes were written
     */
    int decode(int from, int to, byte[] out, int outFrom) {
        int at = from;
        int end = outFrom;
        while (at < to) {
            byte c = text[at];
            if (c != '\\') {
                out[end++] = c;
                at++;
                continue;
            }
            byte kind = text[at + 1];
            at += 2;
            switch (kind) {
                case 'b' -> out[end++] = '\b';
                case 'f' -> out[end++] = '\f';
                case 'n' -> out[end++] = '\n';
                case 'r' -> out[end++] = '\r';
                case 't' -> out[end++] = '\t';
                case 'u' -> {
                    int unit = hex(at);
                    at += 4;
                    if (unit >= 0xD800 && unit <= 0xDBFF) {
                        unit = Character.toCodePoint((char) unit, (char) lowSurrogate(at));
                        at += 6;
                    }
                    end = encode(unit, out, end);
                }
                default -> out[end++] = kind;
            }
        }
        return end - outFrom;
    }

    private static int encode(int codePoint, byte[] out, int from) {
        int end = from;
        if (codePoint < 0x80) {
            out[end++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            out[end++] = (byte) (0xC0 | codePoint >> 6);
            out[end++] = trailing(codePoint);
        } else if (codePoint < 0x10000) {
            out[end++] = (byte) (0xE0 | codePoint >> 12);
            out[end++] = trailing(codePoint >> 6);
            out[end++] = trailing(codePoint);
        } else {
            out[end++] = (byte) (0xF0 | codePoint >> 18);
            out[end++] = trailing(codePoint >> 12);
            out[end++] = trailing(codePoint >> 6);
            out[end++] = trailing(codePoint);
        }
        return end;
    }

    /** A UTF-8 continuation byte with the six lowest bits. */
    private static byte trailing(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    /** Length of the text in bytes. */
    int length() {
        return length;
    }

    /** What the value of a member is; {@link #NULL} too where it is not there. */
    byte token(int member) {
        return (seen & 1 << member) != 0 ? tokens[member] : NULL;
    }

    /** Where a value begins; of a string behind its quote. */
    int start(int member) {
        return starts[member];
    }

    /** Where a value ends, excluded; of a string without its quote. */
    int end(int member) {
        return ends[member];
    }

    /** Whether a string's JSON text has escapes. */
    boolean escaped(int member) {
        return (escaped & 1 << member) != 0;
    }

    /** Whether a string holds U+0000 or a lone surrogate, which PostgreSQL cannot store. */
    boolean unclean(int member) {
        return (unclean & 1 << member) != 0;
    }

    /** Whether such a string is somewhere else: in another member, at any depth, or a name. */
    boolean otherUnclean() {
        return otherUnclean;
    }

    /** Whether some number may be beyond what PostgreSQL's {@code numeric} holds. */
    boolean farNumber() {
        return farNumber;
    }

    /** Why the text is refused. */
    String failure() {
        return failure == null ? "" : failure;
    }

    /** At which byte the text is refused. */
    int failedAt() {
        return failedAt;
    }
}
