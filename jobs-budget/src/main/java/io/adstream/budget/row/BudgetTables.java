package io.adstream.budget.row;

import io.adstream.common.postgres.PostgresTable;

/** The tables of schema {@code budget}. */
public final class BudgetTables {

    private BudgetTables() {}

    /**
     * {@code budget.daily_spend}. Clicks only grow, unless spend was moved to another day: the
     * stored row is replaced by one that was moved as often and counts as many.
     */
    public static PostgresTable<DailySpend> dailySpend() {
        return PostgresTable.<DailySpend>named("budget.daily_spend")
                .text("campaign_id", DailySpend::campaignId)
                .date("budget_date", DailySpend::budgetDate)
                .micros("spent", DailySpend::spent)
                .bigint("clicks", DailySpend::clicks)
                .integer("moves", DailySpend::moves)
                .computed("updated_at", "now()")
                .key(DailySpend::key, "campaign_id", "budget_date")
                .replaceWhere("(excluded.moves, excluded.clicks) >= (t.moves, t.clicks)")
                .removeIf(row -> row.clicks() == 0)
                .build();
    }

    /** {@code budget.spend_10min}. */
    public static PostgresTable<WindowSpend> spend10min() {
        return PostgresTable.<WindowSpend>named("budget.spend_10min")
                .text("campaign_id", WindowSpend::campaignId)
                .timestamp("window_start", WindowSpend::windowStart)
                .bigint("clicks", WindowSpend::clicks)
                .micros("cost", WindowSpend::cost)
                .key(WindowSpend::key, "campaign_id", "window_start")
                .replaceWhere("excluded.clicks >= t.clicks")
                .build();
    }

    /**
     * {@code budget.campaigns}, of which only rows that are active or paused by the budget are
     * changed. A pause that is there already gets its newest number.
     */
    public static PostgresTable<StatusCommand> campaigns() {
        return PostgresTable.<StatusCommand>named("budget.campaigns")
                .text("campaign_id", StatusCommand::campaignId)
                .text("status", StatusCommand::status)
                .text("pause_cause", StatusCommand::pauseCause)
                .bigint("pause_seq", StatusCommand::pauseSeq)
                .computed("updated_at", "now()")
                .key(StatusCommand::campaignId, "campaign_id")
                .updateWhere(
                        "(t.status = 'PAUSED' and t.pause_cause = 'BUDGET')"
                                + " or (t.status = 'ACTIVE' and excluded.status = 'PAUSED')")
                .build();
    }

    /** {@code budget.sync_audit}: what was found first stays. */
    public static PostgresTable<SyncAudit> syncAudit() {
        return PostgresTable.<SyncAudit>named("budget.sync_audit")
                .text("campaign_id", SyncAudit::campaignId)
                .date("budget_date", SyncAudit::budgetDate)
                .timestamp("cut", SyncAudit::cut)
                .microsOrNull("counter", SyncAudit::counter)
                .micros("deduction", SyncAudit::deduction)
                .microsOrNull("drift", SyncAudit::drift)
                .text("action", row -> row.action().name())
                .microsOrNull("correction", SyncAudit::correction)
                .timestamp("at", SyncAudit::at)
                .key(SyncAudit::key, "campaign_id", "budget_date", "cut")
                .keepStored()
                .build();
    }
}
