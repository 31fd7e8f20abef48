package io.adstream.attribution.result;

import io.adstream.attribution.touch.Touch;
import io.adstream.common.postgres.PostgresTable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table {@code attribution.conversions}: one row per conversion. */
public final class ConversionRow {

    private ConversionRow() {}

    /**
     * The table. A stored row is replaced by one of a higher revision; of the same revision only
     * where the stored one says that the conversion was late.
     */
    public static PostgresTable<Attribution> table() {
        return PostgresTable.<Attribution>named("attribution.conversions")
                .text("conversion_id", Attribution::conversionId)
                .integer("revision", Attribution::revision)
                .text("status", row -> row.status().name())
                .text("reason", row -> row.reason() == null ? null : row.reason().name())
                .text("match", row -> row.match() == null ? null : row.match().name())
                .text("click_id", row -> ofClick(row, Touch::clickId))
                .text("ad_id", row -> ofClick(row, Touch::adId))
                .text("campaign_id", row -> ofClick(row, Touch::campaignId))
                .text("advertiser_id", row -> ofClick(row, Touch::advertiserId))
                .timestampOrNull("click_time", row -> ofClick(row, Touch::clickTime))
                .timestamp("conversion_time", Attribution::conversionTime)
                .bigintOrNull("lag_ms", Attribution::lagMillis)
                .micros("value", Attribution::value)
                .integer("touches", row -> row.path().size())
                .computed("updated_at", "now()")
                .key(Attribution::conversionId, "conversion_id")
                .order(ConversionRow::replaces)
                .replaceWhere(
                        "excluded.revision > t.revision"
                                + " or (excluded.revision = t.revision and t.reason = 'LATE')")
                .build();
    }

    /** The same as the guard, for rows that wait together. */
    private static boolean replaces(Attribution later, Attribution earlier) {
        return later.revision() > earlier.revision()
                || (later.revision() == earlier.revision()
                        && earlier.reason() == Attribution.Reason.LATE);
    }

    private static <V> @Nullable V ofClick(Attribution row, Function<Touch, V> value) {
        CreditedTouch credited = row.credited();
        return credited == null ? null : value.apply(credited.touch());
    }
}
