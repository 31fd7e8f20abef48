package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of one entity in one window.
 *
 * @param campaignId of the window's latest event, on rows of ads; else null
 * @param advertiserId of the window's latest event, on rows of ads; else null
 * @param category of the window's latest event, on rows of ads; null also where that has none
 */
public record MetricsRow(
        long impressions,
        long clicks,
        long conversions,
        BigDecimal totalCost,
        BigDecimal totalRevenue,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        @Nullable String category) {

    /** Clicks per hundred impressions; 0 without impressions. */
    public BigDecimal ctr() {
        return ratio(BigDecimal.valueOf(clicks).scaleByPowerOfTen(2), impressions);
    }

    /** Conversions per hundred clicks; 0 without clicks. */
    public BigDecimal cvr() {
        return ratio(BigDecimal.valueOf(conversions).scaleByPowerOfTen(2), clicks);
    }

    /** Cost per click; 0 without clicks. */
    public BigDecimal cpc() {
        return ratio(totalCost, clicks);
    }

    /** Events counted. */
    public long events() {
        return impressions + clicks + conversions;
    }

    /** The numbers under their names in tables, records and hashes, as plain text. */
    public Map<String, String> numbers() {
        Map<String, String> numbers = new LinkedHashMap<>();
        numbers.put("impressions", Long.toString(impressions));
        numbers.put("clicks", Long.toString(clicks));
        numbers.put("conversions", Long.toString(conversions));
        numbers.put("total_cost", plain(totalCost));
        numbers.put("total_revenue", plain(totalRevenue));
        numbers.put("ctr", plain(ctr()));
        numbers.put("cvr", plain(cvr()));
        numbers.put("cpc", plain(cpc()));
        return numbers;
    }

    /** A decimal as the contract writes it: no exponent, no trailing zeros. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static BigDecimal ratio(BigDecimal numerator, long denominator) {
        return denominator == 0
                ? BigDecimal.ZERO
                : numerator.divide(BigDecimal.valueOf(denominator), 6, RoundingMode.HALF_EVEN);
    }
}
