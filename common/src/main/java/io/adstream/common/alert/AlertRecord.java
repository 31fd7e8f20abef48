package io.adstream.common.alert;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alerts as records of topic {@code alerts}: {@code conf/schemas/out/alert.schema.json}. */
public final class AlertRecord {

    private static final int SCHEMA_VERSION = 1;
    private static final int DECIMALS = 6;

    private AlertRecord() {}

    /** The record's key. */
    public static String key(Alert alert) {
        return alert.alertId();
    }

    /** The record as JSON. */
    public static String value(Alert alert) {
        StringBuilder json = new StringBuilder(480);
        json.append("{\"schema_version\":").append(SCHEMA_VERSION);
        string(json, "alert_id", alert.alertId());
        string(json, "rule_id", alert.ruleId());
        json.append(",\"rule_version\":").append(alert.ruleVersion());
        string(json, "severity", alert.severity().name());
        string(json, "status", alert.status().name());
        string(json, "entity_type", alert.entityType().name());
        string(json, "entity_id", alert.entityId());
        Long windowStart = alert.windowStart();
        string(json, "window_start", windowStart == null ? null : EventTimes.format(windowStart));
        number(json, "observed", alert.observed());
        number(json, "usual", alert.usual());
        number(json, "threshold", alert.threshold());
        string(json, "message", alert.message());
        samples(json, alert.sampleEventIds());
        string(json, "at", EventTimes.format(alert.at()));
        return json.append('}').toString();
    }

    private static void samples(StringBuilder json, List<String> ids) {
        json.append(",\"sample_event_ids\":[");
        for (int i = 0; i < ids.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            quoted(json, ids.get(i));
        }
        json.append(']');
    }

    private static void string(StringBuilder json, String name, @Nullable String value) {
        json.append(",\"").append(name).append("\":");
        if (value == null) {
            json.append("null");
        } else {
            quoted(json, value);
        }
    }

    private static void quoted(StringBuilder json, String value) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, json);
        json.append('"');
    }

    private static void number(StringBuilder json, String name, @Nullable Double value) {
        json.append(",\"").append(name).append("\":");
        if (value == null) {
            json.append("null");
            return;
        }
        BigDecimal decimal = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
        json.append(
                decimal.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE, DECIMALS)) > 0
                        ? decimal.stripTrailingZeros().toPlainString()
                        : Micros.format(Micros.of(decimal)));
    }
}
