package io.adstream.budget.row;

import org.jspecify.annotations.Nullable;

/**
 * A record of topic {@code budget-management}. Money is micros, times are epoch milliseconds.
 *
 * @param type what it tells
 * @param campaignId the campaign, and the record's key
 * @param budgetDate local date, days since 1970-01-01
 * @param dailyBudget null is unlimited
 * @param spent of the date
 * @param seq counts up per campaign
 * @param at wall clock
 * @param threshold percent; of {@link Type#BUDGET_THRESHOLD}
 * @param reason of {@link Type#CAMPAIGN_PAUSED} and {@link Type#CAMPAIGN_RESUMED}
 * @param check of {@link Type#COUNTER_CORRECTED} and {@link Type#SYNC_ACCURACY}
 */
public record BudgetNotice(
        Type type,
        String campaignId,
        long budgetDate,
        @Nullable Long dailyBudget,
        long spent,
        long seq,
        long at,
        @Nullable Integer threshold,
        @Nullable Reason reason,
        @Nullable Check check) {

    /** What a notice tells. */
    public enum Type {
        CAMPAIGN_PAUSED,
        CAMPAIGN_RESUMED,
        BUDGET_THRESHOLD,
        COUNTER_CORRECTED,
        SYNC_ACCURACY
    }

    /** Why a campaign was paused or resumed. */
    public enum Reason {
        /** 95 % of the budget are spent. */
        BUDGET_USED,
        /** A new local day has begun. */
        NEW_DAY,
        /** The budget was raised so that less than 90 % of it are spent. */
        BUDGET_RAISED,
        /** Somebody has re-activated the campaign. */
        MANUAL,
        /** The table said that the budget had paused it, and there was no reason for it. */
        UNFOUNDED
    }

    /**
     * A comparison of counter and deduction.
     *
     * @param cut when
     * @param counter the counter then; null where there was none
     * @param drift counter minus deduction
     * @param correction what was added to the counter, or null
     * @param accuracy 100 minus the drift in percent of the deduction, micros of a percentage point
     */
    public record Check(
            long cut,
            @Nullable Long counter,
            long drift,
            @Nullable Long correction,
            long accuracy) {}
}
