package io.adstream.anomaly.incident;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.adstream.common.money.Micros;
import io.adstream.common.time.EventTimes;
import java.math.BigDecimal;

/**
 * The PENALTY record of topic {@code quality-score-updates}: {@code
 * conf/schemas/out/penalty.schema.json}.
 */
public final class PenaltyRecord {

    private PenaltyRecord() {}

    /** The record's key. */
    public static String key(Penalty penalty) {
        return penalty.adId();
    }

    /** The record as JSON. */
    public static String value(Penalty penalty) {
        StringBuilder json = new StringBuilder(200);
        json.append("{\"schema_version\":1,\"type\":\"PENALTY\",\"ad_id\":\"");
        JsonStringEncoder.getInstance().quoteAsString(penalty.adId(), json);
        json.append("\",\"points\":")
                .append(Micros.format(Micros.of(BigDecimal.valueOf(penalty.points()))));
        json.append(",\"alert_id\":\"").append(penalty.alertId());
        json.append("\",\"expires_at\":\"");
        return EventTimes.append(json, penalty.expiresAt()).append("\"}").toString();
    }
}
