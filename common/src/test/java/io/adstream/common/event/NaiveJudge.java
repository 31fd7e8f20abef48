package io.adstream.common.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.common.event.EventContract.Field;
import io.adstream.common.time.EventTimes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The contract once more, on a tree and with {@code java.time}: slow, short, and plain. */
final class NaiveJudge {

    private static final Pattern TIME =
            Pattern.compile(
                    "([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})"
                            + "(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?");

    private static final BigDecimal LARGEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LARGEST_AMOUNT = new BigDecimal("9000000000000");

    private final EventContract contract;
    private final ZoneId zone;

    NaiveJudge(EventContract contract, ZoneId zone) {
        this.contract = contract;
        this.zone = zone;
    }

    /** The verdict on a well-formed object whose member names are all different. */
    @Nullable RejectCode judge(JsonNode record) {
        int eventType = contract.eventTypes().indexOf(record.path("event_type").asText());
        for (Field field : contract.fields()) {
            JsonNode value = record.path(field.name());
            RejectCode code;
            if (value.isMissingNode() || value.isNull()) {
                boolean required =
                        field.alwaysRequired()
                                || (field.everRequired() && field.requiredFor(eventType));
                code = required ? RejectCode.MISSING_FIELD : null;
            } else {
                code =
                        switch (field.kind()) {
                            case STRING -> judgeText(field, value);
                            case EVENT_TYPE -> judgeEventType(value, eventType);
                            case TIME -> judgeTime(value);
                            case NUMBER -> judgeNumber(value);
                        };
            }
            if (code != null) {
                return code;
            }
        }
        return clean(record) ? null : RejectCode.BAD_VALUE;
    }

    private static @Nullable RejectCode judgeText(Field field, JsonNode value) {
        if (!value.isTextual()) {
            return RejectCode.BAD_TYPE;
        }
        String text = value.textValue();
        int characters = text.codePointCount(0, text.length());
        boolean good =
                field.everRequired() ? characters >= 1 && characters <= 128 : characters <= 8192;
        return good && clean(text) ? null : RejectCode.BAD_VALUE;
    }

    private static @Nullable RejectCode judgeEventType(JsonNode value, int eventType) {
        if (!value.isTextual()) {
            return RejectCode.BAD_TYPE;
        }
        return eventType < 0 ? RejectCode.UNKNOWN_EVENT_TYPE : null;
    }

    private @Nullable RejectCode judgeTime(JsonNode value) {
        if (value.isTextual()) {
            return plausible(value.textValue(), zone) ? null : RejectCode.BAD_VALUE;
        }
        if (!value.isNumber() || !isInteger(value.decimalValue())) {
            return RejectCode.BAD_TYPE;
        }
        BigDecimal millis = value.decimalValue();
        return millis.compareTo(LARGEST_LONG) <= 0
                        && millis.compareTo(BigDecimal.valueOf(EventTimes.EARLIEST)) >= 0
                ? null
                : RejectCode.BAD_VALUE;
    }

    private static boolean isInteger(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private static @Nullable RejectCode judgeNumber(JsonNode value) {
        if (!value.isNumber()) {
            return RejectCode.BAD_TYPE;
        }
        BigDecimal amount = value.decimalValue();
        return amount.signum() >= 0 && amount.compareTo(LARGEST_AMOUNT) <= 0
                ? null
                : RejectCode.BAD_VALUE;
    }

    /** Whether a text is a time that the contract takes: the format "adstream-time". */
    static boolean plausible(String text, ZoneId zone) {
        Long millis = millis(text, zone);
        return millis != null && millis >= EventTimes.EARLIEST;
    }

    private static @Nullable Long millis(String text, ZoneId zone) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            String fraction = matcher.group(7);
            LocalDateTime local =
                    LocalDateTime.of(
                            LocalDate.of(
                                    Integer.parseInt(matcher.group(1)),
                                    Integer.parseInt(matcher.group(2)),
                                    Integer.parseInt(matcher.group(3))),
                            LocalTime.of(
                                    Integer.parseInt(matcher.group(4)),
                                    Integer.parseInt(matcher.group(5)),
                                    matcher.group(6) == null
                                            ? 0
                                            : Integer.parseInt(matcher.group(6)),
                                    fraction == null
                                            ? 0
                                            : Integer.parseInt(
                                                    (fraction + "00000000").substring(0, 9))));
            String offset = matcher.group(8);
            return offset == null
                    ? local.atZone(zone).toInstant().toEpochMilli()
                    : OffsetDateTime.of(local, ZoneOffset.of(offset)).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean clean(JsonNode node) {
        if (node.isTextual()) {
            return clean(node.textValue());
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!clean(names.next())) {
                return false;
            }
        }
        for (JsonNode child : node) {
            if (!clean(child)) {
                return false;
            }
        }
        return true;
    }

    private static boolean clean(String text) {
        return text.codePoints().allMatch(c -> c != 0 && (c < 0xD800 || c > 0xDFFF));
    }

    /** Holds what was parsed from a valid record against the tree. */
    void assertSameFields(InputEvent event, JsonNode record) {
        for (Field field : contract.fields()) {
            JsonNode value = record.path(field.name());
            boolean absent = value.isMissingNode() || value.isNull();
            switch (field.kind()) {
                case STRING ->
                        assertThat(event.string(field.index()))
                                .as(field.name())
                                .isEqualTo(absent ? null : value.textValue());
                case EVENT_TYPE ->
                        assertThat(contract.eventTypes().get(event.eventType))
                                .isEqualTo(value.textValue());
                case TIME ->
                        assertThat(event.eventTime)
                                .isEqualTo(
                                        value.isTextual()
                                                ? millis(value.textValue(), zone)
                                                : Long.valueOf(
                                                        value.decimalValue().longValueExact()));
                case NUMBER ->
                        assertThat(event.numbers[field.index()])
                                .as(field.name())
                                .isEqualTo(
                                        absent
                                                ? InputEvent.NO_NUMBER
                                                : value.decimalValue()
                                                        .setScale(6, RoundingMode.HALF_EVEN)
                                                        .unscaledValue()
                                                        .longValueExact());
            }
        }
    }
}
