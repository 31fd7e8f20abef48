package io.adstream.common.event;

import io.adstream.common.event.EventContract.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Writes well-formed JSON objects that are records of a contract, or nearly so: most have one to
 * three odd fields, which may still be valid. No member comes twice.
 */
final class RecordGenerator {

    private static final String[] UNKNOWN_NAMES =
            split(
                    """
                    |x|note|Event_id|EVENT_TYPE|event_i|event_idd|event_id |ad-id|adid|campaign_idx|\
                    actual_price_usd_micros|conversion_valuf|\\ud83d\\ude00|이름|a\\"b|a\\\\b|ad_id\\n|\
                    seventeen_letters|eventtime|price_|0|user\\/id""");

    private static final String[] TEXTS =
            split(
                    """
                    | |   |null|0|-1|ad:{1}|a b|日本語|😀😀|Ünïcödé|\\"|\\\\|\\/|\\b\\f\\n\\r\\t|\\u0041|\
                    \\u00e9|\\u20AC|\\ud83d\\ude00|\\uDBFF\\uDFFF|\\u001b[31m|\\u007f|\u007f|\\uFFFF|\
                    \uFEFF|\\u0001|a'b|<script>|x\\u0020y|\\u000a""");

    private static final String[] UNCLEAN_TEXTS =
            split(
                    """
                    \\u0000|a\\u0000b|\\ud800|\\udfff|\\udc00\\ud800|x\\ud83d|\\ud83dy|\\ud83d\\u0041|\
                    \\uD83D\\uD83D\\uDE00|\\ud83d\\n""");

    private static final String[] TIMES =
            split(
                    """
                    2026-11-20T10:00:00.123Z|2026-11-20T10:00|2026-11-20T10:00Z|2026-11-20T10:00:00|\
                    2026-11-20T10:00:00+00:00|2026-11-20T10:00:00-00:00|2026-11-20T10:00:00+18:00|\
                    2026-11-20T10:00:00-18:00|2026-11-20T10:00:00+18:01|2026-11-20T10:00:00+19:00|\
                    2026-11-20T10:00:00+05:60|2026-11-20T10:00:00+0530|2026-11-20T10:00:00+05|\
                    2026-11-20T10:00:00.Z|2026-11-20T10:00:00.1Z|2026-11-20T10:00:00.1234567890Z|\
                    2026-11-20T10:00:00.999999999Z|2026-11-20T10:00:00,5Z|2026-11-20T10:00.5Z|\
                    2026-02-28T00:00:00Z|2026-02-29T00:00:00Z|2024-02-29T00:00:00Z|2024-02-30T00:00:00Z|\
                    2100-02-29T00:00:00Z|2000-02-29T00:00:00Z|2026-04-31T00:00:00Z|2026-00-10T00:00:00Z|\
                    2026-13-10T00:00:00Z|2026-11-00T00:00:00Z|2026-12-31T23:59:59.999Z|\
                    2026-12-31T23:59:60Z|2026-12-31T23:60:00Z|2026-12-31T24:00:00Z|\
                    1999-12-31T23:59:59.999Z|1999-12-31T23:59:59.999999999Z|2000-01-01T00:00:00Z|\
                    2000-01-01T00:00:00|2000-01-01T00:00|2000-01-01T09:00:00+09:00|\
                    2000-01-01T08:59:59+09:00|1999-12-31T19:00-05:00|9999-12-31T23:59:59.999Z|\
                    10000-01-01T00:00:00Z|+2026-11-20T10:00:00Z|-2026-11-20T10:00:00Z|\
                    0000-01-01T00:00:00Z|2026-11-20t10:00:00Z|2026-11-20T10:00:00z|2026-11-20 10:00:00Z|\
                     2026-11-20T10:00:00Z|2026-11-20T10:00:00Z |2026-11-20T10:00:00Z\\n|\
                    2026-11-20T10:00:00ZZ|2026-11-20|2026-11|20261120T100000Z|2026-W47-5T10:00:00Z|\
                    2026-11-20T10:00:00[UTC]|2026-11-20T10:00:00Z[UTC]|1795168800123||now|\
                    2026-11-20T1O:00:00Z|2026-11-20T10:00:0Z|2026-11-20T10:0|2026-1-20T10:00:00Z|\
                    2026-11-20T10:00:٠٠Z|2026\\u002d11-20T10:00:00Z|2026-11-20T10:00:00\\u005A|\
                    2026-03-29T02:30:00|2026-10-25T02:30:00|2026-03-29T01:59:59.999|2026-03-29T03:00:00|\
                    2026-10-25T01:59:59|2026-10-25T03:00:00|2026-03-08T02:15|2026-11-01T01:15|\
                    2026-11-01T00:01:30|2007-11-04T00:00:30|2007-03-11T00:01:30|2026-10-25T02:59:59.999""");

    private static final String[] TIME_NUMBERS =
            split(
                    """
                    1795168800123|946684800000|946684799999|946684799999.5|946684800000.0|\
                    946684800000.000000000000001|1.7e12|1.7E+12|17e11|170000000000000e-2|\
                    170000000000050e-2|1700000000000.5|0|-0|0.0|-0.0|5.0|5|-5|-5.5|0.5|\
                    9223372036854775807|9223372036854775808|9223372036854775807.0|9223372036854775807.5|\
                    9223372036854775806.999|18446744073709551616|18446744073709551617|\
                    99999999999999999999|1e19|9.3e18|9.2e18|1e40|1e-40|1e308|1e309|1e400|-1e400|0e10|\
                    0e-10|253402300800000|1700000000000000|1e12|1.0e12|1000000000000""");

    private static final String[] NUMBERS =
            split(
                    """
                    0|-0|0.0|-0.000|-0e5|0e99|0.25|0.250|25e-2|2.5E-1|0.0000005|0.0000015|0.0000025|\
                    0.00000050000000000000001|0.00000149999999999999999|0.00000049999999|0.0000001|\
                    0.00000009|1e-7|5e-7|5.1e-7|4.9e-7|1e-400|-1e-400|-1e-9|-0.0000001|-1|-5.5|1|12|\
                    29.99|123456.789012|123456.7890125|123456.7890135|9000000000000|9000000000000.0|\
                    9000000000000.0000000000|9e12|9.0E+12|90e11|0.9e13|9000000000000.0000001|\
                    9000000000000.00000000000000000001|9000000000000.000001|8999999999999.9999995|\
                    8999999999999.9999994|8999999999999.9999985|9000000000001|9.1e12|1e13|\
                    99999999999999|1e308|1e309|1e400|1.7976931348623157e309|18446744073709.551616|\
                    9223372036854775808|100000000000000000000|123456789012|1234567890123|\
                    999999999999.999999|999999999999.9999995|0.1|0.2|0.3|3.1415926535897932""");

    private static final String[] WRONG_TYPES =
            split(
                    """
                    true|false|[]|{}|[null]|["a"]|{"a":1}|{"event_id":"x"}|[1,[2,{}]]""");

    private static final String[] SPACES = {" ", "\n", "\r\n", "\t", "  ", " \t "};

    private final EventContract contract;
    private final Random random;
    private final StringBuilder out = new StringBuilder();

    RecordGenerator(EventContract contract, long seed) {
        this.contract = contract;
        random = new Random(seed);
    }

    /** The next record, not longer than a parser takes. */
    byte[] next() {
        byte[] record;
        do {
            record = write().getBytes(StandardCharsets.UTF_8);
        } while (record.length > EventParser.MAX_BYTES);
        return record;
    }

    private String write() {
        out.setLength(0);
        List<Field> fields = new ArrayList<>(contract.fields());
        if (oneIn(3)) {
            Collections.shuffle(fields, random);
        }
        int dice = random.nextInt(20);
        int odd = dice < 4 ? 0 : dice < 15 ? 1 : dice < 18 ? 2 : 3;
        Set<Field> oddFields = new HashSet<>();
        for (int i = 0; i < odd; i++) {
            oddFields.add(fields.get(random.nextInt(fields.size())));
        }
        boolean spaced = oneIn(8);
        Set<String> unknown = new HashSet<>();
        int unknownMembers = oneIn(3) ? 1 + random.nextInt(3) : 0;
        int uncleanOneIn = oneIn(6) ? 3 : 1_000;

        space(spaced).append('{');
        boolean first = true;
        for (int i = 0; i <= fields.size(); i++) {
            while (unknownMembers > 0 && (i == fields.size() || oneIn(6))) {
                unknownMembers--;
                String name = UNKNOWN_NAMES[random.nextInt(UNKNOWN_NAMES.length)];
                if (unknown.add(name)) {
                    first = separator(first, spaced);
                    out.append('"').append(name);
                    if (oneIn(uncleanOneIn)) {
                        out.append(pick(UNCLEAN_TEXTS));
                    }
                    out.append('"');
                    space(spaced).append(':');
                    space(spaced);
                    anyValue(2, uncleanOneIn);
                }
            }
            if (i < fields.size()) {
                Field field = fields.get(i);
                boolean isOdd = oddFields.contains(field);
                if (isOdd ? oneIn(6) : field.requiredFor() == 0 && oneIn(8)) {
                    continue;
                }
                first = separator(first, spaced);
                name(field.name());
                space(spaced).append(':');
                space(spaced);
                if (isOdd) {
                    oddValue(field);
                } else {
                    plainValue(field);
                }
            }
        }
        space(spaced).append('}');
        space(spaced);
        return out.toString();
    }

    /** The pieces between the bars. */
    private static String[] split(String pieces) {
        return pieces.split("\\|", -1);
    }

    private boolean separator(boolean first, boolean spaced) {
        if (!first) {
            space(spaced).append(',');
        }
        space(spaced);
        return false;
    }

    private StringBuilder space(boolean spaced) {
        return spaced && oneIn(2) ? out.append(pick(SPACES)) : out;
    }

    private void name(String name) {
        out.append('"');
        int escaped = oneIn(25) ? random.nextInt(name.length()) : -1;
        for (int i = 0; i < name.length(); i++) {
            if (i == escaped) {
                escape(name.charAt(i));
            } else {
                out.append(name.charAt(i));
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        String hex = Integer.toHexString(0x10000 | c).substring(1);
        out.append("\\u").append(random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT));
    }

    private void plainValue(Field field) {
        switch (field.kind()) {
            case STRING -> {
                if (field.requiredFor() == 0 && oneIn(10)) {
                    out.append("null");
                } else {
                    out.append('"').append(field.name(), 0, 2).append('-');
                    out.append(random.nextInt(100_000)).append('"');
                }
            }
            case EVENT_TYPE -> out.append('"').append(anyEventType()).append('"');
            case TIME -> plainTime();
            case NUMBER -> {
                if (oneIn(4)) {
                    out.append("null");
                } else {
                    out.append(random.nextInt(1_000)).append('.').append(random.nextInt(1_000_000));
                }
            }
        }
    }

    private String anyEventType() {
        return contract.eventTypes().get(random.nextInt(contract.eventTypes().size()));
    }

    private void plainTime() {
        if (oneIn(4)) {
            out.append(1_700_000_000_000L + random.nextInt());
            return;
        }
        out.append('"');
        two(20 + random.nextInt(3));
        two(random.nextInt(100)).append('-');
        two(1 + random.nextInt(12)).append('-');
        two(1 + random.nextInt(28)).append('T');
        two(random.nextInt(24)).append(':');
        two(random.nextInt(60));
        if (!oneIn(8)) {
            out.append(':');
            two(random.nextInt(60));
            if (!oneIn(3)) {
                out.append('.');
                int digits = 1 + random.nextInt(9);
                for (int i = 0; i < digits; i++) {
                    out.append(random.nextInt(10));
                }
            }
        }
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> {
                out.append(random.nextBoolean() ? '+' : '-');
                two(random.nextInt(18)).append(':');
                two(random.nextInt(60));
            }
            default -> out.append('Z');
        }
        out.append('"');
    }

    private StringBuilder two(int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    private void oddValue(Field field) {
        if (oneIn(8)) {
            out.append("null");
        } else if (oneIn(8)) {
            out.append(pick(WRONG_TYPES));
        } else if (oneIn(12)) {
            out.append('"').append(pick(UNCLEAN_TEXTS)).append('"');
        } else {
            switch (field.kind()) {
                case STRING -> oddText(field);
                case EVENT_TYPE -> oddEventType();
                case TIME -> oddTime();
                case NUMBER -> oddNumber();
            }
        }
    }

    private void oddText(Field field) {
        switch (random.nextInt(6)) {
            case 0 -> out.append(pick(NUMBERS));
            case 1, 2 -> {
                int limit =
                        field.everRequired()
                                ? EventParser.MAX_REQUIRED_CHARACTERS
                                : oneIn(40) ? EventParser.MAX_OPTIONAL_CHARACTERS : 200;
                longText(limit - 1 + random.nextInt(3));
            }
            default -> {
                out.append('"');
                int pieces = 1 + random.nextInt(4);
                for (int i = 0; i < pieces; i++) {
                    out.append(pick(TEXTS));
                }
                out.append('"');
            }
        }
    }

    private void longText(int characters) {
        String[] alphabets = {"a", "é", "語", "😀", "\\u0061", "\\ud83d\\ude00", "\\n"};
        String one = alphabets[random.nextInt(alphabets.length)];
        String other = alphabets[random.nextInt(alphabets.length)];
        int others = random.nextInt(4);
        out.append('"').append(one.repeat(characters - others)).append(other.repeat(others));
        out.append('"');
    }

    private void oddEventType() {
        switch (random.nextInt(7)) {
            case 0 -> out.append('"').append(pick(TEXTS)).append('"');
            case 1 -> longText(EventParser.MAX_REQUIRED_CHARACTERS - 1 + random.nextInt(3));
            case 2 -> out.append('"').append(anyEventType().toLowerCase(Locale.ROOT)).append('"');
            case 3 -> out.append('"').append(anyEventType()).append(" \"");
            case 4 -> out.append(random.nextInt(3));
            case 5 -> {
                String type = anyEventType();
                out.append('"').append(type, 0, type.length() - 1);
                escape(type.charAt(type.length() - 1));
                out.append('"');
            }
            default -> out.append(oneIn(2) ? "\"VIEW\"" : "\"view\"");
        }
    }

    private void oddTime() {
        switch (random.nextInt(4)) {
            case 0 -> out.append(pick(TIME_NUMBERS));
            case 1 -> {
                int from = out.length();
                plainTime();
                if (out.charAt(from) == '"') {
                    // One character of a valid time becomes another one, goes, or comes.
                    int at = from + 1 + random.nextInt(out.length() - from - 2);
                    char c = "0123456789-:TZ+. z".charAt(random.nextInt(18));
                    switch (random.nextInt(3)) {
                        case 0 -> out.setCharAt(at, c);
                        case 1 -> out.deleteCharAt(at);
                        default -> out.insert(at, c);
                    }
                }
            }
            default -> out.append('"').append(pick(TIMES)).append('"');
        }
    }

    private void oddNumber() {
        switch (random.nextInt(3)) {
            case 0 -> out.append('"').append(pick(NUMBERS)).append('"');
            case 1 -> anyNumber();
            default -> out.append(pick(NUMBERS));
        }
    }

    private void anyNumber() {
        if (oneIn(10)) {
            out.append('-');
        }
        int whole = random.nextInt(16);
        if (whole == 0) {
            out.append('0');
        } else {
            out.append((char) ('1' + random.nextInt(9)));
            digits(whole - 1);
        }
        if (oneIn(2)) {
            out.append('.');
            digits(1 + random.nextInt(12));
        }
        if (oneIn(4)) {
            out.append(random.nextBoolean() ? 'e' : 'E');
            int exponent = random.nextInt(25) - 12;
            out.append(exponent >= 0 && oneIn(2) ? "+" : "").append(exponent);
        }
    }

    private void digits(int count) {
        for (int i = 0; i < count; i++) {
            // Many zeros and fives, so that roundings and bounds are met.
            out.append("0001234555678999".charAt(random.nextInt(16)));
        }
    }

    /** A value that is not the contract's business; nested no deeper than 16. */
    private void anyValue(int depth, int uncleanOneIn) {
        switch (random.nextInt(depth > ObjectScanner.MAX_DEPTH ? 5 : 8)) {
            case 0 -> out.append(random.nextBoolean() ? "true" : "null");
            case 1 -> anyNumber();
            case 2, 3, 4 -> {
                out.append('"').append(pick(TEXTS));
                out.append(oneIn(uncleanOneIn) ? pick(UNCLEAN_TEXTS) : "").append('"');
            }
            case 5 -> {
                out.append('{');
                int members = random.nextInt(3);
                for (int i = 0; i < members; i++) {
                    out.append(i == 0 ? "\"a" : ",\"b");
                    out.append(oneIn(uncleanOneIn) ? pick(UNCLEAN_TEXTS) : "").append("\":");
                    anyValue(depth + 1, uncleanOneIn);
                }
                out.append('}');
            }
            case 6 -> {
                out.append('[');
                int elements = random.nextInt(3);
                for (int i = 0; i < elements; i++) {
                    out.append(i == 0 ? "" : ",");
                    anyValue(depth + 1, uncleanOneIn);
                }
                out.append(']');
            }
            default -> {
                int levels = oneIn(3) ? ObjectScanner.MAX_DEPTH - depth + 1 : 0;
                out.append("[".repeat(levels));
                out.append("\"deep\"").append("]".repeat(levels));
            }
        }
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
