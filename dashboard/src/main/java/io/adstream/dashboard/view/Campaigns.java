package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.store.PostgresStore;
import io.adstream.dashboard.store.RedisStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All campaigns with what they have spent, read once for all who look at budgets: the rows every
 * two seconds, the hashes that ad servers go by every half second.
 */
final class Campaigns {

    /** More are not watched; the page says so. */
    static final int MOST = 5_000;

    /** An ad server that finds a hash older than this knows that budget control is down. */
    static final Duration CONTROL_IS_DOWN_AFTER = Duration.ofSeconds(60);

    private static final int PERCENT_DECIMALS = 6;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final String SQL =
            """
            select c.campaign_id, c.advertiser_id, c.daily_budget, c.currency, c.time_zone, c.status,
              c.pause_cause, d.budget_date::text as budget_date, d.spent
            from budget.campaigns c left join lateral (
              select budget_date, spent from budget.daily_spend
              where campaign_id = c.campaign_id order by budget_date desc limit 1) d on true
            order by c.campaign_id limit\s"""
                    + MOST;

    private final Source<List<Row>> rows;
    private final Source<Map<String, Map<String, String>>> hashes;

    Campaigns(PostgresStore postgres, RedisStore redis) {
        this.rows =
                new Source<>(Duration.ofSeconds(2), () -> postgres.query(SQL, List.of(), Row::of));
        this.hashes = new Source<>(Duration.ofMillis(400), () -> hashes(redis));
    }

    /** By campaign, since the rows may be other ones when they are put together. */
    private Map<String, Map<String, String>> hashes(RedisStore redis) {
        List<String> ids =
                rows.read(new ArrayList<>(), List.of()).stream().map(Row::campaignId).toList();
        List<Map<String, String>> read =
                redis.hashes(ids.stream().map(id -> "campaign:" + id + ":status").toList());
        Map<String, Map<String, String>> byId = new HashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            byId.put(ids.get(i), read.get(i));
        }
        return byId;
    }

    private record Row(
            String campaignId,
            String advertiserId,
            @Nullable BigDecimal dailyBudget,
            String currency,
            String timeZone,
            String status,
            @Nullable String pauseCause,
            @Nullable String budgetDate,
            @Nullable BigDecimal spent) {

        static Row of(java.sql.ResultSet row) throws java.sql.SQLException {
            return new Row(
                    row.getString("campaign_id"),
                    row.getString("advertiser_id"),
                    row.getBigDecimal("daily_budget"),
                    row.getString("currency"),
                    row.getString("time_zone"),
                    row.getString("status"),
                    row.getString("pause_cause"),
                    row.getString("budget_date"),
                    row.getBigDecimal("spent"));
        }
    }

    /**
     * A campaign.
     *
     * @param dailyBudget null is unlimited
     * @param status what ad servers go by: the hash's, else the table's
     * @param tableStatus what {@code budget.campaigns} says
     * @param spent of the budget date, as deducted
     * @param usage spent of the budget in percent; null where it is unlimited or not known
     * @param rate spend per minute
     * @param updatedAt when the budget job wrote the hash; null where there is none
     */
    record Campaign(
            String campaignId,
            String advertiserId,
            @Nullable BigDecimal dailyBudget,
            String currency,
            String timeZone,
            String status,
            @Nullable String cause,
            String tableStatus,
            @Nullable String budgetDate,
            @Nullable BigDecimal spent,
            @Nullable BigDecimal usage,
            @Nullable BigDecimal remaining,
            @Nullable BigDecimal rate,
            @Nullable Instant updatedAt) {

        boolean isPaused() {
            return !status.equals("ACTIVE");
        }
    }

    /** All of them, by id. */
    List<Campaign> all(List<Trouble> troubles) {
        List<Row> all = rows.read(troubles, List.of());
        Map<String, Map<String, String>> live = hashes.read(troubles, Map.of());
        return all.stream()
                .map(row -> campaign(row, live.getOrDefault(row.campaignId, Map.of())))
                .toList();
    }

    private static Campaign campaign(Row row, Map<String, String> hash) {
        BigDecimal budget = row.dailyBudget;
        BigDecimal usage = Counts.decimalOrNull(hash, "usage");
        String status = hash.get("status");
        String cause = hash.get("cause");
        return new Campaign(
                row.campaignId,
                row.advertiserId,
                budget,
                row.currency,
                row.timeZone,
                status == null ? row.status : status,
                hash.isEmpty() ? row.pauseCause : cause == null || cause.isEmpty() ? null : cause,
                row.status,
                hash.getOrDefault("budget_date", row.budgetDate),
                row.spent,
                usage == null ? share(row.spent, budget) : usage,
                Counts.decimalOrNull(hash, "remaining"),
                Counts.decimalOrNull(hash, "rate"),
                LiveWindowView.time(hash, "updated_at"));
    }

    private static @Nullable BigDecimal share(
            @Nullable BigDecimal spent, @Nullable BigDecimal budget) {
        return spent == null || budget == null || budget.signum() <= 0
                ? null
                : spent.multiply(HUNDRED).divide(budget, PERCENT_DECIMALS, RoundingMode.HALF_EVEN);
    }
}
