package io.adstream.metrics.row;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import io.adstream.metrics.EntityType;
import org.jspecify.annotations.Nullable;

/**
 * The METRICS record of topic {@code performance-metrics}: {@code
 * conf/schemas/out/metrics.schema.json}.
 */
public final class MetricsRecord {

    /** Version of the record's form; a new one is given when a field changes its meaning. */
    public static final int SCHEMA_VERSION = 1;

    private MetricsRecord() {}

    /** {@code {entity_type}:{entity_id}:{window}:{window_start}}. */
    public static String key(MetricsRow row) {
        StringBuilder key =
                new StringBuilder(96)
                        .append(row.entityType().name())
                        .append(':')
                        .append(row.entityId())
                        .append(':')
                        .append(row.size().label())
                        .append(':');
        return EventTimes.append(key, row.windowStart()).toString();
    }

    /** The record as JSON. */
    public static String value(MetricsRow row) {
        StringBuilder json = new StringBuilder(480);
        json.append("{\"schema_version\":").append(SCHEMA_VERSION).append(",\"type\":\"METRICS\"");
        json.append(",\"entity_type\":\"").append(row.entityType().name()).append('"');
        string(json, "entity_id", row.entityId());
        json.append(",\"window\":\"").append(row.size().label()).append('"');
        if (row.entityType() == EntityType.AD) {
            string(json, "campaign_id", row.campaignId());
            string(json, "advertiser_id", row.advertiserId());
            string(json, "category", row.category());
        }
        time(json, "window_start", row.windowStart());
        time(json, "window_end", row.windowEnd());
        json.append(",\"impressions\":").append(row.impressions());
        json.append(",\"clicks\":").append(row.clicks());
        json.append(",\"conversions\":").append(row.conversions());
        decimal(json, "total_cost", row.totalCost());
        decimal(json, "total_revenue", row.totalRevenue());
        decimal(json, "ctr", row.ctr());
        decimal(json, "cvr", row.cvr());
        decimal(json, "cpc", row.cpc());
        json.append(",\"revision\":").append(row.revision());
        time(json, "updated_at", row.updatedAt());
        return json.append('}').toString();
    }

    private static void string(StringBuilder json, String name, @Nullable String value) {
        json.append(",\"").append(name).append("\":");
        if (value == null) {
            json.append("null");
        } else {
            json.append('"');
            JsonStringEncoder.getInstance().quoteAsString(value, json);
            json.append('"');
        }
    }

    private static void time(StringBuilder json, String name, long epochMillis) {
        json.append(",\"").append(name).append("\":\"");
        EventTimes.append(json, epochMillis).append('"');
    }

    private static void decimal(StringBuilder json, String name, long micros) {
        json.append(",\"").append(name).append("\":");
        Micros.append(json, micros);
    }
}
