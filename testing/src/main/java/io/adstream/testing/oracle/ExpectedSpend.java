package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;

/**
 * What valid clicks have cost each campaign per local date and per window of ten minutes, counted
 * in a batch.
 *
 * <p>Made of the events of a {@link MetricsBatchCount} that keeps them. That one judges the ids of
 * all event types together: where a click and an event of another type share an id, a job that
 * skips other types may see it otherwise.
 */
public final class ExpectedSpend {

    private static final long WINDOW_MILLIS = 600_000;
    private static final BigDecimal PAUSE_AT = BigDecimal.valueOf(95);

    /** Clicks and what they cost. */
    public record Spend(long clicks, BigDecimal cost) {

        Spend plus(Spend other) {
            return new Spend(clicks + other.clicks, cost.add(other.cost));
        }

        Spend normal() {
            return new Spend(clicks, cost.setScale(6));
        }
    }

    private final TreeMap<String, Spend> dates = new TreeMap<>();
    private final TreeMap<String, Spend> datesInTime = new TreeMap<>();
    private final TreeMap<String, Spend> windows = new TreeMap<>();
    private final Map<String, ZoneId> zones;

    private ExpectedSpend(Map<String, ZoneId> zones) {
        this.zones = Map.copyOf(zones);
    }

    /**
     * Sums the clicks among the counted events.
     *
     * @param zones zone of each campaign; UTC where it has none
     */
    public static ExpectedSpend of(ExpectedMetrics counted, Map<String, ZoneId> zones) {
        ExpectedSpend spend = new ExpectedSpend(zones);
        Map<Integer, Instant> newest = new HashMap<>();
        for (MetricsBatchCount.CountedEvent counting : counted.events()) {
            AdEvent event = counting.event();
            Instant before = newest.getOrDefault(counting.partition(), Instant.MIN);
            if (event.eventType().equals("CLICK")) {
                spend.add(event, before);
            }
            if (event.eventTime().isAfter(before)) {
                newest.put(counting.partition(), event.eventTime());
            }
        }
        return spend;
    }

    /**
     * @param before the newest event time of the partition so far
     */
    private void add(AdEvent click, Instant before) {
        String campaign = Objects.requireNonNull(click.campaignId());
        BigDecimal price = click.actualPrice();
        Spend one = new Spend(1, price == null ? BigDecimal.ZERO : price);
        LocalDate date = LocalDate.ofInstant(click.eventTime(), zone(campaign));
        dates.merge(dateKey(campaign, date), one, Spend::plus);
        if (before.isBefore(date.plusDays(1).atStartOfDay(zone(campaign)).toInstant())) {
            datesInTime.merge(dateKey(campaign, date), one, Spend::plus);
        }
        long start = Math.floorDiv(click.eventTime().toEpochMilli(), WINDOW_MILLIS) * WINDOW_MILLIS;
        windows.merge(windowKey(campaign, Instant.ofEpochMilli(start)), one, Spend::plus);
    }

    /** The zone of a campaign's days. */
    ZoneId zone(String campaign) {
        return zones.getOrDefault(campaign, ZoneOffset.UTC);
    }

    /** The campaign of a {@link #dateKey}. */
    static String campaign(String dateKey) {
        return dateKey.substring(0, dateKey.lastIndexOf(" on "));
    }

    static String dateKey(String campaign, LocalDate date) {
        return campaign + " on " + date;
    }

    private static String windowKey(String campaign, Instant start) {
        return campaign + " at " + start;
    }

    /** Clicks in all. */
    public long clicks() {
        return dates.values().stream().mapToLong(Spend::clicks).sum();
    }

    /** Spend by {@code campaign on date}. */
    public Map<String, Spend> dates() {
        return new TreeMap<>(dates);
    }

    /**
     * Of {@link #dates()}, the clicks that came before their partition had seen anything of the
     * next date: it was certainly open.
     */
    Map<String, Spend> datesInTime() {
        return datesInTime;
    }

    /** Compares every row of {@code budget.daily_spend}. */
    public Comparison compareWithDailySpend(Connection connection) throws SQLException {
        TreeMap<String, Spend> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select campaign_id, budget_date, clicks, spent from"
                                        + " budget.daily_spend")) {
            while (rows.next()) {
                found.put(
                        dateKey(rows.getString(1), rows.getDate(2).toLocalDate()),
                        new Spend(rows.getLong(3), rows.getBigDecimal(4)));
            }
        }
        return compare("budget.daily_spend", dates, found);
    }

    /** Compares every row of {@code budget.spend_10min}. */
    public Comparison compareWithSpend10Min(Connection connection) throws SQLException {
        TreeMap<String, Spend> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select campaign_id, window_start, clicks, cost from"
                                        + " budget.spend_10min")) {
            while (rows.next()) {
                found.put(
                        windowKey(rows.getString(1), rows.getTimestamp(2).toInstant()),
                        new Spend(rows.getLong(3), rows.getBigDecimal(4)));
            }
        }
        return compare("budget.spend_10min", windows, found);
    }

    /**
     * Compares the hashes {@code campaign:{id}:status} of all campaigns that have a budget, where
     * nobody else has paused any.
     *
     * @param watermark where event time has come to: says which date is the newest open one
     */
    public Comparison compareWithStatuses(
            Jedis redis, Map<String, BigDecimal> budgets, Instant watermark) {
        Comparison comparison = new Comparison("campaign:*:status");
        budgets.forEach(
                (campaign, budget) -> {
                    comparison.compared();
                    LocalDate today = LocalDate.ofInstant(watermark.plusMillis(1), zone(campaign));
                    Spend spent = dates.get(dateKey(campaign, today));
                    BigDecimal cost = spent == null ? BigDecimal.ZERO : spent.cost();
                    boolean paused =
                            cost.movePointRight(2).compareTo(budget.multiply(PAUSE_AT)) >= 0;
                    Map<String, String> hash = redis.hgetAll("campaign:" + campaign + ":status");
                    Map<String, String> expected =
                            Map.of(
                                    "status",
                                    paused ? "PAUSED" : "ACTIVE",
                                    "cause",
                                    paused ? "BUDGET" : "",
                                    "budget_date",
                                    today.toString(),
                                    "remaining",
                                    plain(budget.subtract(cost).max(BigDecimal.ZERO)));
                    expected.forEach(
                            (field, value) ->
                                    comparison.check(
                                            campaign,
                                            field,
                                            value,
                                            hash.getOrDefault(field, "absent")));
                });
        return comparison;
    }

    private static String plain(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    private static Comparison compare(
            String what, Map<String, Spend> expected, Map<String, Spend> found) {
        Comparison comparison = new Comparison(what);
        expected.forEach(
                (key, spend) -> {
                    comparison.compared();
                    Spend row = found.get(key);
                    if (row == null) {
                        comparison.differs(key + ": missing, expected " + spend);
                    } else {
                        comparison.check(key, "spend", spend.normal(), row.normal());
                    }
                });
        found.forEach(
                (key, row) -> {
                    if (!expected.containsKey(key)) {
                        comparison.differs(key + ": not expected, found " + row);
                    }
                });
        return comparison;
    }
}
