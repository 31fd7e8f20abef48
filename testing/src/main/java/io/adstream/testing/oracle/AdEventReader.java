package io.adstream.testing.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ad events as the contract says, without regard to speed. */
final class AdEventReader {

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ID_CHARACTERS = 128;
    private static final int MAX_TEXT_CHARACTERS = 8 * 1024;
    private static final BigDecimal MAX_AMOUNT = new BigDecimal("9e12");
    private static final Instant FIRST_INSTANT = Instant.parse("2000-01-01T00:00:00Z");
    private static final Set<String> TYPES = Set.of("IMPRESSION", "CLICK", "CONVERSION");
    private static final List<String> FIELDS =
            List.of(
                    "event_id",
                    "event_type",
                    "event_time",
                    "ad_id",
                    "campaign_id",
                    "advertiser_id",
                    "user_id",
                    "device_id",
                    "session_id",
                    "ip",
                    "category",
                    "actual_price",
                    "conversion_value");
    private static final Pattern TIME =
            Pattern.compile(
                    "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})"
                            + "(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?"
                            + "(Z|([+-])([0-9]{2}):([0-9]{2}))?");
    private static final Pattern NUMBER =
            Pattern.compile("(-?)([0-9]+)(?:\\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?");

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_BYTES)
                                    .maxNameLength(MAX_BYTES)
                                    .maxStringLength(MAX_BYTES)
                                    .build())
                    .build();

    private final ZoneId zone;

    /**
     * @param zone of times that name none
     */
    AdEventReader(ZoneId zone) {
        this.zone = zone;
    }

    /** The event, or why there is none. */
    AdEvent read(byte @Nullable [] value) throws RejectedException {
        if (value != null && value.length > MAX_BYTES) {
            throw new RejectedException(Verdict.TOO_LARGE, "over " + MAX_BYTES + " bytes");
        }
        if (value == null || value.length == 0) {
            throw new RejectedException(Verdict.MALFORMED, "no value");
        }
        Document document = parse(decode(value));
        Map<String, Value> values = document.values;

        String eventId = text("event_id", values, true, MAX_ID_CHARACTERS, 1);
        String eventType = eventType(values);
        Instant eventTime = time(values);
        boolean idsRequired = !eventType.equals("CONVERSION");
        AdEvent event =
                new AdEvent(
                        eventId,
                        eventType,
                        eventTime,
                        text("ad_id", values, idsRequired, MAX_ID_CHARACTERS, 1),
                        text("campaign_id", values, idsRequired, MAX_ID_CHARACTERS, 1),
                        text("advertiser_id", values, idsRequired, MAX_ID_CHARACTERS, 1),
                        text("user_id", values, false, MAX_TEXT_CHARACTERS, 0),
                        text("device_id", values, false, MAX_TEXT_CHARACTERS, 0),
                        text("session_id", values, false, MAX_TEXT_CHARACTERS, 0),
                        text("ip", values, false, MAX_TEXT_CHARACTERS, 0),
                        text("category", values, false, MAX_TEXT_CHARACTERS, 0),
                        amount("actual_price", values),
                        amount("conversion_value", values));
        if (document.unclean) {
            throw new RejectedException(
                    Verdict.BAD_VALUE, "U+0000 or a lone surrogate in a string");
        }
        return event;
    }

    /** What a top-level member holds. */
    private record Value(JsonToken token, String text) {}

    /** The contract fields of an object, and whether any string in it may not be stored. */
    private record Document(Map<String, Value> values, boolean unclean) {}

    private static String decode(byte[] value) throws RejectedException {
        if (value.length >= 3
                && value[0] == (byte) 0xEF
                && value[1] == (byte) 0xBB
                && value[2] == (byte) 0xBF) {
            throw new RejectedException(Verdict.MALFORMED, "a byte order mark");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RejectedException(Verdict.MALFORMED, "not UTF-8");
        }
    }

    private static Document parse(String text) throws RejectedException {
        Map<String, Value> values = new HashMap<>();
        boolean unclean = false;
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new RejectedException(Verdict.MALFORMED, "not an object");
            }
            int depth = 1;
            while (depth > 0) {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    throw new RejectedException(Verdict.MALFORMED, "the object does not end");
                }
                boolean topLevelValue = depth == 1 && token != JsonToken.FIELD_NAME;
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                    topLevelValue = false;
                } else if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                    unclean |= !isClean(parser.getText());
                }
                if (topLevelValue && FIELDS.contains(parser.currentName())) {
                    Value twice =
                            values.put(parser.currentName(), new Value(token, parser.getText()));
                    if (twice != null) {
                        throw new RejectedException(
                                Verdict.MALFORMED, parser.currentName() + " comes twice");
                    }
                }
            }
            if (parser.nextToken() != null) {
                throw new RejectedException(Verdict.MALFORMED, "something follows the object");
            }
        } catch (JsonProcessingException e) {
            throw new RejectedException(Verdict.MALFORMED, e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a string", e);
        }
        return new Document(values, unclean);
    }

    private static @Nullable Value present(String field, Map<String, Value> values) {
        Value value = values.get(field);
        return value == null || value.token == JsonToken.VALUE_NULL ? null : value;
    }

    private static Value required(String field, Map<String, Value> values)
            throws RejectedException {
        Value value = present(field, values);
        if (value == null) {
            throw new RejectedException(Verdict.MISSING_FIELD, field);
        }
        return value;
    }

    private static @Nullable String text(
            String field, Map<String, Value> values, boolean required, int most, int least)
            throws RejectedException {
        Value value = required ? required(field, values) : present(field, values);
        if (value == null) {
            return null;
        }
        if (value.token != JsonToken.VALUE_STRING) {
            throw new RejectedException(Verdict.BAD_TYPE, field);
        }
        int characters = value.text.codePointCount(0, value.text.length());
        if (characters < least || characters > most || !isClean(value.text)) {
            throw new RejectedException(Verdict.BAD_VALUE, field);
        }
        return value.text;
    }

    private static String eventType(Map<String, Value> values) throws RejectedException {
        Value value = required("event_type", values);
        if (value.token != JsonToken.VALUE_STRING) {
            throw new RejectedException(Verdict.BAD_TYPE, "event_type");
        }
        if (!TYPES.contains(value.text)) {
            throw new RejectedException(Verdict.UNKNOWN_EVENT_TYPE, value.text);
        }
        return value.text;
    }

    private Instant time(Map<String, Value> values) throws RejectedException {
        Value value = required("event_time", values);
        Instant instant;
        if (value.token == JsonToken.VALUE_STRING) {
            instant = textTime(value.text);
        } else if (value.token.isNumeric()) {
            instant = millisTime(value.text);
        } else {
            throw new RejectedException(Verdict.BAD_TYPE, "event_time");
        }
        if (instant.isBefore(FIRST_INSTANT)) {
            throw new RejectedException(Verdict.BAD_VALUE, "event_time before 2000");
        }
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }

    private Instant textTime(String text) throws RejectedException {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new RejectedException(Verdict.BAD_VALUE, "event_time");
        }
        try {
            String fraction = time.group(7) == null ? "" : time.group(7);
            LocalDateTime local =
                    LocalDateTime.of(
                            Integer.parseInt(time.group(1)),
                            Integer.parseInt(time.group(2)),
                            Integer.parseInt(time.group(3)),
                            Integer.parseInt(time.group(4)),
                            Integer.parseInt(time.group(5)),
                            time.group(6) == null ? 0 : Integer.parseInt(time.group(6)),
                            Integer.parseInt((fraction + "000000000").substring(0, 9)));
            if (time.group(8) == null) {
                // In a gap the JDK shifts forward, in an overlap it takes the earlier offset.
                return local.atZone(zone).toInstant();
            }
            if (time.group(8).equals("Z")) {
                return local.toInstant(ZoneOffset.UTC);
            }
            int sign = time.group(9).equals("-") ? -1 : 1;
            return local.toInstant(
                    ZoneOffset.ofHoursMinutes(
                            sign * Integer.parseInt(time.group(10)),
                            sign * Integer.parseInt(time.group(11))));
        } catch (DateTimeException e) {
            throw new RejectedException(Verdict.BAD_VALUE, "event_time: " + e.getMessage());
        }
    }

    private static Instant millisTime(String text) throws RejectedException {
        BigDecimal number = number(text);
        boolean integer = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
        if (!integer) {
            throw new RejectedException(Verdict.BAD_TYPE, "event_time is no integer");
        }
        if (number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                || number.compareTo(BigDecimal.ZERO) < 0) {
            throw new RejectedException(Verdict.BAD_VALUE, "event_time");
        }
        return Instant.ofEpochMilli(number.longValueExact());
    }

    private static @Nullable BigDecimal amount(String field, Map<String, Value> values)
            throws RejectedException {
        Value value = present(field, values);
        if (value == null) {
            return null;
        }
        if (!value.token.isNumeric()) {
            throw new RejectedException(Verdict.BAD_TYPE, field);
        }
        BigDecimal number = number(value.text);
        if (number.signum() < 0 || number.compareTo(MAX_AMOUNT) > 0) {
            throw new RejectedException(Verdict.BAD_VALUE, field);
        }
        return number.setScale(6, RoundingMode.HALF_EVEN);
    }

    /**
     * The number, where its exponent is one to calculate with. Otherwise one that every rule here
     * judges alike: what is beyond 1e30 is too large for all of them, what is nearer to 0 than
     * 1e-30 rounds to 0 and is no integer.
     */
    private static BigDecimal number(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw new IllegalStateException("Jackson let this number pass: " + text);
        }
        String fraction = number.group(3) == null ? "" : number.group(3);
        String digits = number.group(2) + fraction;
        int leadingZeros = digits.length() - digits.replaceFirst("^0+", "").length();
        if (leadingZeros == digits.length()) {
            return BigDecimal.ZERO;
        }
        BigDecimal sign = number.group(1).isEmpty() ? BigDecimal.ONE : BigDecimal.ONE.negate();
        BigDecimal exponent =
                number.group(4) == null ? BigDecimal.ZERO : new BigDecimal(number.group(4));
        // The number lies between 10^(magnitude - 1) and 10^magnitude.
        BigDecimal magnitude =
                exponent.add(BigDecimal.valueOf(number.group(2).length() - leadingZeros));
        if (magnitude.compareTo(BigDecimal.valueOf(31)) > 0) {
            return sign.multiply(new BigDecimal("1e31"));
        }
        if (magnitude.compareTo(BigDecimal.valueOf(-30)) < 0) {
            return sign.multiply(new BigDecimal("1e-31"));
        }
        return new BigDecimal(text);
    }

    private static boolean isClean(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** Why a record is no event. */
    static final class RejectedException extends Exception {
        private static final long serialVersionUID = 1;

        private final Verdict verdict;

        RejectedException(Verdict verdict, String message) {
            super(message, null, false, false);
            this.verdict = verdict;
        }

        Verdict verdict() {
            return verdict;
        }
    }
}
