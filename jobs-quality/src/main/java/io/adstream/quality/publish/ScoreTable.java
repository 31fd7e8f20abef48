package io.adstream.quality.publish;

import io.adstream.common.postgres.PostgresTable;

/**
 * Table {@code quality.scores}: the newest score that was published of each ad. {@code updated_at}
 * is the refresh that it is of; the row of an ad that has gone stays.
 */
public final class ScoreTable {

    private ScoreTable() {}

    public static PostgresTable<Publication> table() {
        return PostgresTable.<Publication>named("quality.scores")
                .text("ad_id", Publication::adId)
                .doubleOrNull("score", row -> row.published().score())
                .doubleOrNull("base_score", row -> row.published().refresh().base())
                .doubleOrNull("raw", row -> row.published().refresh().raw())
                .text("category", row -> row.published().refresh().category())
                .integer("category_rank", row -> row.published().rank())
                .integer("category_size", row -> row.published().size())
                .integer("revision", row -> row.published().revision())
                .timestamp("updated_at", Publication::at)
                .key(Publication::adId, "ad_id")
                .replaceWhere(
                        "(excluded.updated_at, excluded.revision) >= (t.updated_at, t.revision)")
                .build();
    }
}
