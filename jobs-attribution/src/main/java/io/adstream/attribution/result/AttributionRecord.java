package io.adstream.attribution.result;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.adstream.attribution.credit.AttributionModel;
import io.adstream.attribution.touch.Touch;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import org.jspecify.annotations.Nullable;

/**
 * The ATTRIBUTION record of topic {@code performance-metrics}: {@code
 * conf/schemas/out/attribution.schema.json}.
 */
public final class AttributionRecord {

    /** Version of the record's form; a new one is given when a field changes its meaning. */
    public static final int SCHEMA_VERSION = 1;

    /** Bytes that a path may have in a record: it, the rest and the key stay below 1 MiB. */
    public static final int MAX_PATH_BYTES = 960 << 10;

    /** A touch without its ids: names, punctuation, a time, five credits and five values. */
    private static final int TOUCH_BYTES = 460;

    private static final AttributionModel[] MODELS = AttributionModel.values();

    private AttributionRecord() {}

    /** {@code attribution:{conversion_id}}. */
    public static String key(Attribution result) {
        return "attribution:" + result.conversionId();
    }

    /** The most bytes that a touch can have in a record. */
    public static int bytes(Touch touch) {
        return TOUCH_BYTES
                + bytes(touch.clickId())
                + bytes(touch.adId())
                + bytes(touch.campaignId())
                + bytes(touch.advertiserId());
    }

    private static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20) {
                bytes += 6;
            } else if (c == '"' || c == '\\') {
                bytes += 2;
            } else {
                // Of a pair of surrogates each stands for two of the four bytes.
                bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return bytes;
    }

    /** The record as JSON. */
    public static String value(Attribution result) {
        StringBuilder json = new StringBuilder(640 + 480 * result.path().size());
        CreditedTouch credited = result.credited();
        Touch click = credited == null ? null : credited.touch();
        json.append("{\"schema_version\":").append(SCHEMA_VERSION);
        json.append(",\"type\":\"ATTRIBUTION\"");
        string(json, "conversion_id", result.conversionId());
        json.append(",\"revision\":").append(result.revision());
        string(json, "status", result.status().name());
        string(json, "reason", result.reason() == null ? null : result.reason().name());
        string(json, "match", result.match() == null ? null : result.match().name());
        string(json, "click_id", click == null ? null : click.clickId());
        string(json, "ad_id", click == null ? null : click.adId());
        string(json, "campaign_id", click == null ? null : click.campaignId());
        string(json, "advertiser_id", click == null ? null : click.advertiserId());
        if (click == null) {
            json.append(",\"click_time\":null");
        } else {
            time(json, "click_time", click.clickTime());
        }
        time(json, "conversion_time", result.conversionTime());
        json.append(",\"lag_ms\":").append(result.lagMillis());
        Micros.append(json.append(",\"value\":"), result.value());
        json.append(",\"path\":[");
        for (int i = 0; i < result.path().size(); i++) {
            touch(i == 0 ? json : json.append(','), result.path().get(i));
        }
        return json.append("],\"path_truncated\":")
                .append(result.pathTruncated())
                .append('}')
                .toString();
    }

    private static void touch(StringBuilder json, CreditedTouch credited) {
        Touch touch = credited.touch();
        json.append("{\"click_id\":");
        quoted(json, touch.clickId());
        string(json, "ad_id", touch.adId());
        string(json, "campaign_id", touch.campaignId());
        string(json, "advertiser_id", touch.advertiserId());
        time(json, "click_time", touch.clickTime());
        json.append(",\"credits\":{");
        for (AttributionModel model : MODELS) {
            name(json, model).append(credited.credit(model));
        }
        json.append("},\"values\":{");
        for (AttributionModel model : MODELS) {
            Micros.append(name(json, model), credited.value(model));
        }
        json.append("}}");
    }

    private static StringBuilder name(StringBuilder json, AttributionModel model) {
        return json.append(model.ordinal() == 0 ? "\"" : ",\"").append(model.label()).append("\":");
    }

    private static void string(StringBuilder json, String name, @Nullable String value) {
        json.append(",\"").append(name).append("\":");
        quoted(json, value);
    }

    private static void quoted(StringBuilder json, @Nullable String value) {
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
}
