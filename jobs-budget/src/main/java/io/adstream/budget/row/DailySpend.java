package io.adstream.budget.row;

/**
 * The actual deduction of a campaign's local date, for {@code budget.daily_spend}.
 *
 * @param budgetDate days since 1970-01-01
 * @param spent micros
 * @param clicks how many; of none the row is taken out
 * @param moves how often the campaign's spend was moved to other days, which lets clicks become
 *     fewer
 */
public record DailySpend(String campaignId, long budgetDate, long spent, long clicks, int moves) {

    public String key() {
        return campaignId + "@" + budgetDate;
    }
}
