package io.adstream.attribution.result;

import io.adstream.attribution.credit.AttributionModel;
import io.adstream.attribution.touch.Touch;
import io.adstream.common.postgres.PostgresTable;
import org.apache.flink.util.Collector;

/**
 * What one model gives one touch of a conversion: a row of {@code attribution.credits}. Touches
 * that a model gives nothing have no row.
 *
 * @param credit millionths of the conversion
 * @param value the same part of its value, micros
 */
public record CreditRow(
        String conversionId, AttributionModel model, Touch touch, int credit, long value) {

    private static final AttributionModel[] MODELS = AttributionModel.values();

    /** The rows of a result. */
    public static void of(Attribution result, Collector<CreditRow> out) {
        for (CreditedTouch touch : result.path()) {
            for (AttributionModel model : MODELS) {
                if (touch.credit(model) > 0) {
                    out.collect(
                            new CreditRow(
                                    result.conversionId(),
                                    model,
                                    touch.touch(),
                                    touch.credit(model),
                                    touch.value(model)));
                }
            }
        }
    }

    /** The table {@code attribution.credits}. */
    public static PostgresTable<CreditRow> table() {
        return PostgresTable.<CreditRow>named("attribution.credits")
                .text("conversion_id", CreditRow::conversionId)
                .text("model", row -> row.model().label())
                .text("click_id", row -> row.touch().clickId())
                .text("ad_id", row -> row.touch().adId())
                .text("campaign_id", row -> row.touch().campaignId())
                .text("advertiser_id", row -> row.touch().advertiserId())
                .integer("credit_millionths", CreditRow::credit)
                .micros("value", CreditRow::value)
                .key(
                        // Lengths keep ids apart that join to the same text.
                        row ->
                                row.conversionId().length()
                                        + ":"
                                        + row.conversionId()
                                        + ":"
                                        + row.model().label()
                                        + ":"
                                        + row.touch().clickId(),
                        "conversion_id",
                        "model",
                        "click_id")
                // A restatement by reconcile is newer than anything that this job says again.
                .keepStored()
                .build();
    }
}
