package io.adstream.budget.row;

import org.jspecify.annotations.Nullable;

/**
 * One comparison of a counter with the deduction, for {@code budget.sync_audit}. Money is micros,
 * times are epoch milliseconds.
 *
 * @param budgetDate days since 1970-01-01
 * @param cut the moment that both are of
 * @param counter null where there was none
 * @param drift counter minus deduction; null without counter
 * @param action what was done
 * @param correction what was added to the counter, or what it was set to; null where nothing was
 */
public record SyncAudit(
        String campaignId,
        long budgetDate,
        long cut,
        @Nullable Long counter,
        long deduction,
        @Nullable Long drift,
        Action action,
        @Nullable Long correction,
        long at) {

    /** What was done about a comparison. */
    public enum Action {
        /** Less than 5 % apart. */
        OK,
        /** 5 % apart or more, which spend on its way at the cut explains. */
        IN_FLIGHT,
        /** The difference was added to the counter. */
        CORRECTED,
        /** The counter was absent, or lost with its Redis, and has its value from the deduction. */
        SEEDED,
        /** A correction was due, and corrections were stopped. */
        SUSPENDED,
        /** Corrected by hand. */
        REPAIRED
    }

    public String key() {
        return campaignId + "@" + budgetDate + "@" + cut;
    }
}
