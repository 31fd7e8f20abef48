package io.adstream.common.postgres;

import io.adstream.testing.services.TestDatabase;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Rows and tables for tests of the PostgreSQL sink. */
final class Rows {

    static final long TEN = 1_795_168_800_000L; // 2026-11-20T10:00:00Z

    private Rows() {}

    /** A row of realtime.metrics_1min, with what the guard looks at. */
    record Metric(String ad, long windowStart, long impressions, int revision) {

        static PostgresTable<Metric> table() {
            return PostgresTable.<Metric>named("realtime.metrics_1min")
                    .text("entity_type", row -> "AD")
                    .text("entity_id", Metric::ad)
                    .timestamp("window_start", Metric::windowStart)
                    .timestamp("window_end", row -> row.windowStart + 60_000)
                    .text("campaign_id", row -> "cmp-1")
                    .text("advertiser_id", row -> null)
                    .bigint("impressions", Metric::impressions)
                    .bigint("clicks", row -> 0)
                    .bigint("conversions", row -> 0)
                    .micros("total_cost", row -> 250_001)
                    .micros("total_revenue", row -> 9_000_000_000_000_123_456L)
                    .micros("ctr", row -> 0)
                    .micros("cvr", row -> 1)
                    .micros("cpc", row -> 1_500_000)
                    .integer("revision", Metric::revision)
                    .computed("updated_at", "now()")
                    .key(
                            row -> row.ad + "@" + row.windowStart,
                            "entity_type",
                            "entity_id",
                            "window_start")
                    .replaceWhere(
                            "t.impressions + t.clicks + t.conversions <="
                                    + " excluded.impressions + excluded.clicks"
                                    + " + excluded.conversions")
                    .order((later, earlier) -> later.impressions >= earlier.impressions)
                    .build();
        }
    }

    static Metric metric(String ad, long impressions) {
        return new Metric(ad, TEN, impressions, 1);
    }

    /** A row of realtime.raw_events. */
    record Raw(String id, long time, @Nullable String payload, @Nullable Long price) {

        long day() {
            return Math.floorDiv(time, Duration.ofDays(1).toMillis());
        }

        static PostgresTable<Raw> table() {
            return table(0);
        }

        static PostgresTable<Raw> table(int retentionDays) {
            return PostgresTable.<Raw>named("realtime.raw_events")
                    .date("event_day", Raw::day)
                    .text("event_id", Raw::id)
                    .text("event_type", row -> "CLICK")
                    .timestamp("event_time", Raw::time)
                    .microsOrNull("actual_price", Raw::price)
                    .jsonb("payload", Raw::payload)
                    .integerOrNull("kafka_partition", row -> 3L)
                    .bigintOrNull("kafka_offset", row -> null)
                    .key(row -> row.day() + "/" + row.id, "event_day", "event_id")
                    .keepStored()
                    .bytes(row -> row.payload == null ? 0 : 2L * row.payload.length())
                    .prepare(new DailyPartitions<>("realtime.raw_events", Raw::day, retentionDays))
                    .salvage(
                            row ->
                                    row.payload == null
                                            ? null
                                            : new Raw(row.id, row.time, null, row.price))
                    .build();
        }
    }

    static Raw raw(String id, long time) {
        return new Raw(id, time, "{\"id\": \"" + id + "\"}", 250_000L);
    }

    static PostgresConnectionConfig config(TestDatabase database) {
        return new PostgresConnectionConfig(
                database.jdbcUrl(), database.user(), database.password());
    }
}
