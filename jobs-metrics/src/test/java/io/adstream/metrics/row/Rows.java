package io.adstream.metrics.row;

import io.adstream.metrics.EntityType;
import io.adstream.metrics.window.WindowSize;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Rows with three impressions, two clicks and one conversion, of 2026-11-20 at 12:00. */
final class Rows {

    static final long NOON = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    private Rows() {}

    static MetricsRow ad(String id, @Nullable String category) {
        return row(MetricsRow.Kind.CLOSED, EntityType.AD, id, WindowSize.ONE_MINUTE, category);
    }

    static MetricsRow row(
            MetricsRow.Kind kind,
            EntityType type,
            String id,
            WindowSize size,
            @Nullable String category) {
        boolean ad = type == EntityType.AD;
        return new MetricsRow(
                kind,
                type,
                id,
                size,
                NOON,
                3,
                2,
                1,
                300_000,
                29_990_000,
                4,
                ad ? "cmp-1" : null,
                ad ? "adv-1" : null,
                category,
                NOON + 70_123,
                NOON + 370_123);
    }
}
