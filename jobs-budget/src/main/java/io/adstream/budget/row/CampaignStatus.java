package io.adstream.budget.row;

import org.jspecify.annotations.Nullable;

/**
 * Whether a campaign may be served, for the Redis hash {@code campaign:{id}:status}. Money is
 * micros, times are epoch milliseconds.
 *
 * @param status {@code ACTIVE} or {@code PAUSED}
 * @param cause who paused it, or null
 * @param budgetDate its newest open local date, days since 1970-01-01
 * @param usage spent in percent of the budget, micros of a percentage point; null without limit
 * @param remaining of the budget, not below 0; null without limit
 * @param rate spend per minute
 * @param updatedAt wall clock
 * @param causedAt Kafka timestamp of the click that paused it; 0 where no click did
 */
public record CampaignStatus(
        String campaignId,
        String status,
        @Nullable String cause,
        long budgetDate,
        @Nullable Long usage,
        @Nullable Long remaining,
        long rate,
        long updatedAt,
        long causedAt) {}
