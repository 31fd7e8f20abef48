package io.adstream.local.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A plain count of records as they lie in a topic or file, knowing nothing of the simulator. */
final class Recount {

    private static final List<String> AD_FIELDS =
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
    private static final List<String> COMMERCE_FIELDS =
            List.of(
                    "event_time",
                    "event_type",
                    "user_id",
                    "price",
                    "event_id",
                    "product_id",
                    "category",
                    "session_id");
    private static final Duration LATE = Duration.ofMinutes(15);

    private final ObjectMapper json =
            new ObjectMapper(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(16)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private final boolean ads;
    private final Map<String, JsonNode> seen = new HashMap<>();
    private Instant newest = Instant.MIN;

    final Map<String, Long> counts = new TreeMap<>();
    final Map<String, Long> byType = new TreeMap<>();
    long conversionsWithoutAd;
    BigDecimal cost = BigDecimal.ZERO;
    BigDecimal revenue = BigDecimal.ZERO;

    Recount(InputTopic topic) {
        ads = topic == InputTopic.AD_EVENTS;
    }

    String add(byte[] value) {
        String verdict = judge(value);
        counts.merge(verdict, 1L, Long::sum);
        return verdict;
    }

    private String judge(byte[] value) {
        if (value == null) {
            return "MALFORMED";
        }
        if (value.length > 65_536) {
            return "TOO_LARGE";
        }
        JsonNode node;
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
            node = json.readTree(text);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return "MALFORMED";
        }
        if (!node.isObject()) {
            return "MALFORMED";
        }
        for (String field : ads ? AD_FIELDS : COMMERCE_FIELDS) {
            String wrong = judge(node, field);
            if (wrong != null) {
                return wrong;
            }
        }
        Instant time = time(node.get("event_time"));
        if (time.isAfter(Instant.parse("2100-01-01T00:00:00Z"))) {
            return "FUTURE_EVENT_TIME";
        }
        String id = field(node, "event_id").asText();
        if (node.hasNonNull("event_id") && seen.containsKey(id)) {
            return seen.get(id).equals(node) ? "DUPLICATE" : "ID_CONFLICT";
        }
        if (newest.isAfter(Instant.MIN) && time.isBefore(newest.minus(LATE))) {
            return "LATE";
        }
        if (time.isAfter(newest)) {
            newest = time;
        }
        seen.put(id, node);
        String type = node.get("event_type").asText();
        byType.merge(type, 1L, Long::sum);
        if (type.equals("CLICK")) {
            cost = cost.add(new BigDecimal(field(node, "actual_price").asText()));
        }
        if (type.equals("CONVERSION")) {
            if (node.hasNonNull("ad_id")
                    && node.hasNonNull("campaign_id")
                    && node.hasNonNull("advertiser_id")) {
                revenue = revenue.add(new BigDecimal(field(node, "conversion_value").asText()));
            } else {
                conversionsWithoutAd++;
            }
        }
        return "VALID";
    }

    private String judge(JsonNode node, String name) {
        JsonNode value = field(node, name);
        boolean conversion = field(node, "event_type").asText().equals("CONVERSION");
        boolean required =
                switch (name) {
                    case "event_type", "event_time" -> true;
                    case "event_id" -> ads;
                    case "user_id" -> !ads;
                    case "ad_id", "campaign_id", "advertiser_id" -> !conversion;
                    default -> false;
                };
        if (value.isNull()) {
            return required ? "MISSING_FIELD" : null;
        }
        switch (name) {
            case "event_time" -> {
                if (!value.isTextual() && !value.isIntegralNumber()) {
                    return "BAD_TYPE";
                }
                try {
                    return time(value).isBefore(Instant.parse("2000-01-01T00:00:00Z"))
                            ? "BAD_VALUE"
                            : null;
                } catch (DateTimeParseException e) {
                    return "BAD_VALUE";
                }
            }
            case "event_type" -> {
                if (!value.isTextual()) {
                    return "BAD_TYPE";
                }
                List<String> types =
                        ads
                                ? List.of("IMPRESSION", "CLICK", "CONVERSION")
                                : List.of("view", "cart", "purchase");
                return types.contains(value.asText()) ? null : "UNKNOWN_EVENT_TYPE";
            }
            case "actual_price", "conversion_value", "price" -> {
                if (!value.isNumber()) {
                    return "BAD_TYPE";
                }
                BigDecimal number = value.decimalValue();
                return number.signum() < 0 || number.compareTo(new BigDecimal("9e12")) > 0
                        ? "BAD_VALUE"
                        : null;
            }
            default -> {
                if (!value.isTextual()) {
                    return "BAD_TYPE";
                }
                String text = value.asText();
                boolean id = required || List.of("event_id", "ad_id").contains(name);
                boolean bad =
                        text.length() > (id ? 128 : 8192)
                                || (id && text.isEmpty())
                                || text.indexOf('\0') >= 0
                                || text.chars().anyMatch(c -> c >= 0xd800 && c < 0xe000);
                return bad ? "BAD_VALUE" : null;
            }
        }
    }

    private static JsonNode field(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null ? NullNode.getInstance() : value;
    }

    private static Instant time(JsonNode value) {
        if (value.isIntegralNumber()) {
            return Instant.ofEpochMilli(value.asLong());
        }
        String text = value.asText();
        if (text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d")) {
            return OffsetDateTime.parse(text).toInstant();
        }
        return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
