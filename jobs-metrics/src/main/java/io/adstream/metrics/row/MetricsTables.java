package io.adstream.metrics.row;

import io.adstream.common.postgres.PostgresTable;
import io.adstream.metrics.window.WindowSize;

/** The tables {@code realtime.metrics_1min}, {@code metrics_5min} and {@code metrics_1hour}. */
public final class MetricsTables {

    private MetricsTables() {}

    /** The table of a window size. */
    public static PostgresTable<MetricsRow> of(WindowSize size) {
        return PostgresTable.<MetricsRow>named("realtime." + size.table())
                .text("entity_type", row -> row.entityType().name())
                .text("entity_id", MetricsRow::entityId)
                .timestamp("window_start", MetricsRow::windowStart)
                .timestamp("window_end", MetricsRow::windowEnd)
                .text("campaign_id", MetricsRow::campaignId)
                .text("advertiser_id", MetricsRow::advertiserId)
                .text("category", MetricsRow::category)
                .bigint("impressions", MetricsRow::impressions)
                .bigint("clicks", MetricsRow::clicks)
                .bigint("conversions", MetricsRow::conversions)
                .micros("total_cost", MetricsRow::totalCost)
                .micros("total_revenue", MetricsRow::totalRevenue)
                .micros("ctr", MetricsRow::ctr)
                .micros("cvr", MetricsRow::cvr)
                .micros("cpc", MetricsRow::cpc)
                .integer("revision", MetricsRow::revision)
                .timestamp("updated_at", MetricsRow::updatedAt)
                .key(
                        row -> row.entityType() + ":" + row.entityId() + "@" + row.windowStart(),
                        "entity_type",
                        "entity_id",
                        "window_start")
                .order((later, earlier) -> later.events() >= earlier.events())
                // Events counted decide, not the revision: after a restore it may be lower while
                // the row holds more.
                .replaceWhere(
                        "excluded.impressions + excluded.clicks + excluded.conversions"
                                + " >= t.impressions + t.clicks + t.conversions")
                .build();
    }
}
