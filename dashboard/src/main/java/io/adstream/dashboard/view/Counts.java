package io.adstream.dashboard.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is counted in a window. Ratios come from sums. Money is null where it is of several
 * currencies, which are never added up.
 */
record Counts(
        long impressions,
        long clicks,
        long conversions,
        @Nullable BigDecimal totalCost,
        @Nullable BigDecimal totalRevenue) {

    private static final int DECIMALS = 6;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    static final Counts NONE = new Counts(0, 0, 0, BigDecimal.ZERO, BigDecimal.ZERO);

    /** Of the columns of these names. */
    static Counts of(ResultSet row) throws SQLException {
        return new Counts(
                row.getLong("impressions"),
                row.getLong("clicks"),
                row.getLong("conversions"),
                row.getBigDecimal("total_cost"),
                row.getBigDecimal("total_revenue"));
    }

    /** Of the fields of a hash. */
    static Counts of(Map<String, String> hash) {
        return new Counts(
                whole(hash, "impressions"),
                whole(hash, "clicks"),
                whole(hash, "conversions"),
                decimal(hash, "total_cost"),
                decimal(hash, "total_revenue"));
    }

    private static long whole(Map<String, String> hash, String field) {
        return decimal(hash, field).longValue();
    }

    /** A field that is a number; 0 where it is absent or none. */
    static BigDecimal decimal(Map<String, String> hash, String field) {
        BigDecimal number = decimalOrNull(hash, field);
        return number == null ? BigDecimal.ZERO : number;
    }

    /** A field that is a number; null where it is absent or none. */
    static @Nullable BigDecimal decimalOrNull(Map<String, String> hash, String field) {
        String text = hash.get(field);
        try {
            return text == null || text.isEmpty() ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The sum of two of one currency. */
    Counts plus(Counts other) {
        return new Counts(
                impressions + other.impressions,
                clicks + other.clicks,
                conversions + other.conversions,
                sum(totalCost, other.totalCost),
                sum(totalRevenue, other.totalRevenue));
    }

    private static @Nullable BigDecimal sum(@Nullable BigDecimal a, @Nullable BigDecimal b) {
        return a == null || b == null ? null : a.add(b);
    }

    /** The same without money, which is of several currencies. */
    Counts withoutMoney() {
        return new Counts(impressions, clicks, conversions, null, null);
    }

    /** clicks / impressions × 100; 0 without impressions. */
    public BigDecimal getCtr() {
        return ratio(HUNDRED.multiply(BigDecimal.valueOf(clicks)), impressions);
    }

    /** conversions / clicks × 100; 0 without clicks. */
    public BigDecimal getCvr() {
        return ratio(HUNDRED.multiply(BigDecimal.valueOf(conversions)), clicks);
    }

    /** total_cost / clicks; 0 without clicks. */
    public @Nullable BigDecimal getCpc() {
        return totalCost == null ? null : ratio(totalCost, clicks);
    }

    @JsonIgnore
    boolean isNone() {
        return impressions == 0 && clicks == 0 && conversions == 0;
    }

    private static BigDecimal ratio(BigDecimal numerator, long denominator) {
        return denominator == 0
                ? BigDecimal.ZERO
                : numerator.divide(
                        BigDecimal.valueOf(denominator), DECIMALS, RoundingMode.HALF_EVEN);
    }
}
