package io.adstream.testing.oracle;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The result of a conversion, as an ATTRIBUTION record says it. Amounts are without trailing zeros,
 * so that equal results are equal.
 */
public record AttributionResult(
        String conversionId,
        int revision,
        String status,
        @Nullable String reason,
        @Nullable String match,
        @Nullable String clickId,
        @Nullable String adId,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        @Nullable Instant clickTime,
        Instant conversionTime,
        @Nullable Long lagMs,
        BigDecimal value,
        List<AttributedTouch> path,
        boolean pathTruncated) {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** Reads a record's value. */
    public static AttributionResult of(byte[] json) {
        try {
            return of(MAPPER.readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON", e);
        }
    }

    private static AttributionResult of(JsonNode record) {
        if (!record.path("type").asText().equals("ATTRIBUTION")) {
            throw new IllegalArgumentException("no ATTRIBUTION record: " + record);
        }
        List<AttributedTouch> path = new ArrayList<>();
        for (JsonNode touch : record.required("path")) {
            path.add(
                    new AttributedTouch(
                            touch.required("click_id").textValue(),
                            touch.required("ad_id").textValue(),
                            touch.required("campaign_id").textValue(),
                            touch.required("advertiser_id").textValue(),
                            Instant.parse(touch.required("click_time").textValue()),
                            credits(touch.required("credits")),
                            values(touch.required("values"))));
        }
        JsonNode clickTime = record.required("click_time");
        JsonNode lag = record.required("lag_ms");
        return new AttributionResult(
                record.required("conversion_id").textValue(),
                record.required("revision").intValue(),
                record.required("status").textValue(),
                record.required("reason").textValue(),
                record.required("match").textValue(),
                record.required("click_id").textValue(),
                record.required("ad_id").textValue(),
                record.required("campaign_id").textValue(),
                record.required("advertiser_id").textValue(),
                clickTime.isNull() ? null : Instant.parse(clickTime.textValue()),
                Instant.parse(record.required("conversion_time").textValue()),
                lag.isNull() ? null : lag.longValue(),
                plain(record.required("value").decimalValue()),
                path,
                record.required("path_truncated").booleanValue());
    }

    private static Map<String, Integer> credits(JsonNode node) {
        Map<String, Integer> credits = new TreeMap<>();
        node.properties().forEach(entry -> credits.put(entry.getKey(), entry.getValue().asInt()));
        return credits;
    }

    private static Map<String, BigDecimal> values(JsonNode node) {
        Map<String, BigDecimal> values = new TreeMap<>();
        node.properties()
                .forEach(
                        entry ->
                                values.put(entry.getKey(), plain(entry.getValue().decimalValue())));
        return values;
    }

    /** The amount without trailing zeros. */
    static BigDecimal plain(BigDecimal amount) {
        return amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    }
}
