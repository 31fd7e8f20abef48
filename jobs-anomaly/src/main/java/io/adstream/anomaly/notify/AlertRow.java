package io.adstream.anomaly.notify;

import io.adstream.common.alert.Alert;
import io.adstream.common.postgres.PostgresTable;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code alerts.alerts}: an incident as it stands.
 *
 * @param alert its latest step
 * @param openedAt when it opened, epoch ms
 * @param resolvedAt when it was over, epoch ms, or null
 */
public record AlertRow(Alert alert, long openedAt, @Nullable Long resolvedAt) {

    /** The row's key. */
    public String key() {
        return alert.alertId();
    }

    /** {@code alerts.alerts}: what is over stays over, and a newer step replaces an older one. */
    public static PostgresTable<AlertRow> table() {
        return named("alerts.alerts");
    }

    /** {@code anomaly.shadow_alerts}: the same of rules that nobody but the operator sees. */
    public static PostgresTable<AlertRow> shadowTable() {
        return named("anomaly.shadow_alerts");
    }

    private static PostgresTable<AlertRow> named(String table) {
        return PostgresTable.<AlertRow>named(table)
                .text("alert_id", row -> row.alert.alertId())
                .text("rule_id", row -> row.alert.ruleId())
                .integer("rule_version", row -> row.alert.ruleVersion())
                .text("severity", row -> row.alert.severity().name())
                .text("status", row -> row.alert.status().name())
                .text("entity_type", row -> row.alert.entityType().name())
                .text("entity_id", row -> row.alert.entityId())
                .timestampOrNull("window_start", row -> row.alert.windowStart())
                .doubleOrNull("observed", row -> row.alert.observed())
                .doubleOrNull("usual", row -> row.alert.usual())
                .doubleOrNull("threshold", row -> row.alert.threshold())
                .text("message", row -> row.alert.message())
                .timestamp("opened_at", AlertRow::openedAt)
                .timestamp("updated_at", row -> row.alert.at())
                .timestampOrNull("resolved_at", AlertRow::resolvedAt)
                .key(AlertRow::key, "alert_id")
                .replaceWhere(
                        "excluded.resolved_at is not null"
                                + " or (t.resolved_at is null and excluded.updated_at >="
                                + " t.updated_at)")
                .build();
    }
}
