package io.adstream.budget.sync;

import org.jspecify.annotations.Nullable;

/**
 * What the clicks of a campaign's date cost up to a cut. Money is micros.
 *
 * @param cut epoch milliseconds
 * @param afterLoss whether Redis may have lost counters before they were sampled
 * @param date days since 1970-01-01
 * @param deduction of clicks before the cut
 * @param least of clicks that were surely counted at the cut
 * @param most of clicks that may have been counted at the cut
 * @param dailyBudget null is unlimited
 * @param seq the first of two numbers for records about this comparison
 */
public record Deduction(
        long cut,
        boolean afterLoss,
        String campaignId,
        long date,
        long deduction,
        long least,
        long most,
        @Nullable Long dailyBudget,
        long seq) {

    String key() {
        return campaignId + "@" + date;
    }
}
