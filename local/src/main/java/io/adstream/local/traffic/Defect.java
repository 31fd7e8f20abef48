package io.adstream.local.traffic;

import io.adstream.common.event.RejectCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which a whole record is broken. None puts a line feed into a record, so that all but
 * {@link #EMPTY}, {@link #BLANK} and {@link #TOMBSTONE} can be a line of a file.
 */
enum Defect {
    OVER_LIMIT(RejectCode.TOO_LARGE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            int over = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(4096);
            int pad = LIMIT + over - json.getBytes(StandardCharsets.UTF_8).length - 9;
            return utf8(appended(json, "\"pad\":\"" + "x".repeat(pad) + "\""));
        }
    },
    TRUNCATED(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(json.substring(0, 1 + random.nextInt(json.length() - 1)));
        }
    },
    TRAILING_BYTES(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(json + (random.nextBoolean() ? "}" : "{}"));
        }
    },
    BYTE_ORDER_MARK(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8('\ufeff' + json);
        }
    },
    INVALID_UTF8(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            byte[] bytes = utf8(appended(json, "\"note\":\"??\""));
            bytes[bytes.length - 3] = (byte) (random.nextBoolean() ? 0xff : 0x80);
            bytes[bytes.length - 4] = (byte) 0xc0;
            return bytes;
        }
    },
    UTF16(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return json.getBytes(StandardCharsets.UTF_16LE);
        }
    },
    OTHER_ROOT(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> roots = List.of("[" + json + "]", "null", "\"click\"", "42", "true");
            return utf8(roots.get(random.nextInt(roots.size())));
        }
    },
    FIELD_TWICE(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(
                    appended(
                            json,
                            random.nextBoolean() ? "\"user_id\":\"u-0\"" : "\"event_time\":0"));
        }
    },
    TOO_DEEP(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            int depth = 20 + random.nextInt(200);
            return utf8(appended(json, "\"deep\":" + "[".repeat(depth) + "]".repeat(depth)));
        }
    },
    NOT_A_NUMBER(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> numbers = List.of("NaN", "01", "+1", ".5", "1.", "1e", "Infinity", "0x10");
            return utf8(with(json, price(json), numbers.get(random.nextInt(numbers.size()))));
        }
    },
    RAW_CONTROL_CHARACTER(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(with(json, "category", "\"sho\tes\""));
        }
    },
    SINGLE_QUOTES(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(json.replace('"', '\''));
        }
    },
    PLAIN_TEXT(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8("GET /pixel.gif?e=" + random.nextInt(1_000_000) + " HTTP/1.1");
        }
    },
    EMPTY(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return new byte[0];
        }

        @Override
        boolean canBeLine() {
            return false;
        }
    },
    BLANK(RejectCode.MALFORMED) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8("   ");
        }

        @Override
        boolean canBeLine() {
            return false;
        }
    },
    TOMBSTONE(RejectCode.MALFORMED) {
        @Override
        byte @Nullable [] apply(String json, SplittableRandom random) {
            return null;
        }

        @Override
        boolean canBeLine() {
            return false;
        }
    },
    FIELD_ABSENT(RejectCode.MISSING_FIELD) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(without(json, required(json, random)));
        }
    },
    FIELD_NULL(RejectCode.MISSING_FIELD) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(with(json, required(json, random), "null"));
        }
    },
    EMPTY_OBJECT(RejectCode.MISSING_FIELD) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8("{}");
        }
    },
    STRING_AS_NUMBER(RejectCode.BAD_TYPE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> fields = List.of("event_type", "user_id", "session_id", "category");
            return utf8(with(json, fields.get(random.nextInt(fields.size())), "17"));
        }
    },
    STRING_AS_STRUCTURE(RejectCode.BAD_TYPE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> fields = List.of("event_id", "user_id", "session_id", "category");
            return utf8(
                    with(
                            json,
                            fields.get(random.nextInt(fields.size())),
                            random.nextBoolean() ? "{\"id\":\"a\"}" : "[\"a\"]"));
        }
    },
    NUMBER_AS_STRING(RejectCode.BAD_TYPE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(with(json, price(json), "\"0.25\""));
        }
    },
    TIME_AS_BOOLEAN(RejectCode.BAD_TYPE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(with(json, "event_time", "true"));
        }
    },
    OTHER_TYPE(RejectCode.UNKNOWN_EVENT_TYPE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> types = List.of("VIEWABLE", "Click", "INSTALL", "refund", "wishlist");
            return utf8(
                    with(json, "event_type", '"' + types.get(random.nextInt(types.size())) + '"'));
        }
    },
    IMPOSSIBLE_TIME(RejectCode.BAD_VALUE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> times =
                    List.of(
                            "\"2026-02-30T10:00:00Z\"",
                            "\"2026-11-20T10:00:60Z\"",
                            "\"2026-11-20T24:00:00Z\"",
                            "\"20.11.2026 10:00\"",
                            "\"yesterday\"",
                            "\"1999-12-31T23:59:59.999Z\"",
                            "\"\"",
                            "946684799999",
                            "-1");
            return utf8(with(json, "event_time", times.get(random.nextInt(times.size()))));
        }
    },
    IMPOSSIBLE_NUMBER(RejectCode.BAD_VALUE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            List<String> numbers = List.of("-0.01", "9000000000000.01", "1e309", "-1e-3", "1e13");
            return utf8(with(json, price(json), numbers.get(random.nextInt(numbers.size()))));
        }
    },
    ID_LENGTH(RejectCode.BAD_VALUE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            String field = json.contains("\"ad_id\"") ? "ad_id" : "user_id";
            return utf8(
                    with(json, field, random.nextBoolean() ? "\"\"" : '"' + "i".repeat(129) + '"'));
        }
    },
    IMPOSSIBLE_CHARACTER(RejectCode.BAD_VALUE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(
                    with(
                            json,
                            "category",
                            random.nextBoolean() ? "\"a\\u0000b\"" : "\"a\\ud800b\""));
        }
    },
    LONG_STRING(RejectCode.BAD_VALUE) {
        @Override
        byte[] apply(String json, SplittableRandom random) {
            return utf8(with(json, "category", '"' + "c".repeat(8_193) + '"'));
        }
    },
    WRONG_CLOCK(RejectCode.FUTURE_EVENT_TIME) {
        /** A century ahead: in the future whenever a file of it is replayed. */
        @Override
        byte[] apply(String json, SplittableRandom random) {
            long millis = CENTURY_AHEAD + random.nextLong(86_400_000L * 365);
            return utf8(
                    with(
                            json,
                            "event_time",
                            random.nextBoolean()
                                    ? Long.toString(millis)
                                    : '"' + Instant.ofEpochMilli(millis).toString() + '"'));
        }
    };

    /** 2126-01-01T00:00:00Z. */
    private static final long CENTURY_AHEAD = 4_922_899_200_000L;

    private static final int LIMIT = 64 * 1024;

    private static final Map<RejectCode, List<Defect>> BY_CODE = byCode(false);
    private static final Map<RejectCode, List<Defect>> LINES_BY_CODE = byCode(true);

    private final RejectCode code;

    Defect(RejectCode code) {
        this.code = code;
    }

    RejectCode code() {
        return code;
    }

    /** The name in reports, such as {@code truncated}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the record can stand in a file of lines. */
    boolean canBeLine() {
        return true;
    }

    /** The record broken in this way; null is a tombstone. */
    abstract byte @Nullable [] apply(String json, SplittableRandom random);

    /** One of the defects that have this code, which is not ID_CONFLICT: that takes two records. */
    static Defect draw(RejectCode code, boolean linesOnly, SplittableRandom random) {
        List<Defect> candidates = (linesOnly ? LINES_BY_CODE : BY_CODE).get(code);
        return candidates.get(random.nextInt(candidates.size()));
    }

    private static Map<RejectCode, List<Defect>> byCode(boolean linesOnly) {
        Map<RejectCode, List<Defect>> all = new EnumMap<>(RejectCode.class);
        for (Defect defect : values()) {
            if (!linesOnly || defect.canBeLine()) {
                all.computeIfAbsent(defect.code, c -> new ArrayList<>()).add(defect);
            }
        }
        return all;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The money field that the record has. */
    private static String price(String json) {
        return json.contains("\"actual_price\"") ? "actual_price" : "price";
    }

    private static String required(String json, SplittableRandom random) {
        List<String> fields =
                json.contains("\"ad_id\"")
                        ? List.of(
                                "event_id",
                                "event_type",
                                "event_time",
                                "ad_id",
                                "campaign_id",
                                "advertiser_id")
                        : List.of("event_time", "event_type", "user_id");
        return fields.get(random.nextInt(fields.size()));
    }

    /** The object with one more member at its end. */
    static String appended(String json, String member) {
        return json.substring(0, json.length() - 1) + ',' + member + '}';
    }

    /** The object with the field's value replaced. */
    static String with(String json, String field, String value) {
        int start = valueStart(json, field);
        return json.substring(0, start) + value + json.substring(valueEnd(json, start));
    }

    /** The object without the field. */
    static String without(String json, String field) {
        int valueStart = valueStart(json, field);
        int start = valueStart - field.length() - 3;
        int end = valueEnd(json, valueStart);
        return json.charAt(end) == ','
                ? json.substring(0, start) + json.substring(end + 1)
                : json.substring(0, start - 1) + json.substring(end);
    }

    private static int valueStart(String json, String field) {
        int at = json.indexOf('"' + field + "\":");
        if (at < 0) {
            throw new IllegalArgumentException("No field " + field + " in " + json);
        }
        return at + field.length() + 3;
    }

    private static int valueEnd(String json, int start) {
        if (json.charAt(start) != '"') {
            int end = start;
            while (json.charAt(end) != ',' && json.charAt(end) != '}') {
                end++;
            }
            return end;
        }
        int end = start + 1;
        while (json.charAt(end) != '"') {
            end += json.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }
}
