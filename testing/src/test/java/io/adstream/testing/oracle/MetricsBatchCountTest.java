package io.adstream.testing.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.events.EventJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricsBatchCountTest {

    private static final long ARRIVAL = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    private final MetricsBatchCount count = MetricsBatchCount.with().build();
    private long offset;

    @Test
    void oneClickCountsInNineRows() {
        add(AdEventJson.click("c").at("2026-11-20T10:01:00Z").price("0.25").category("shoes"));

        ExpectedMetrics expected = count.expected();
        assertThat(expected.rows()).hasSize(9);
        MetricsRow minute = expected.row("AD", "ad-1", "1m", "2026-11-20T10:01:00Z");
        assertThat(minute.clicks()).isEqualTo(1);
        assertThat(minute.category()).isEqualTo("shoes");
        assertThat(expected.row("CAMPAIGN", "cmp-1", "5m", "2026-11-20T10:00:00Z").totalCost())
                .isEqualByComparingTo("0.25");
        MetricsRow hour = expected.row("ADVERTISER", "adv-1", "1h", "2026-11-20T10:00:00Z");
        assertThat(hour.clicks()).isEqualTo(1);
        assertThat(hour.campaignId()).isNull();
    }

    @Test
    void aWindowBeginsWithItsFirstMillisecond() {
        add(AdEventJson.impression("a").at("2026-11-20T12:00:59.999Z"));
        add(AdEventJson.impression("b").at("2026-11-20T12:01:00.000Z"));

        ExpectedMetrics expected = count.expected();
        assertThat(expected.row("AD", "ad-1", "1m", "2026-11-20T12:00:00Z").impressions())
                .isEqualTo(1);
        assertThat(expected.row("AD", "ad-1", "1m", "2026-11-20T12:01:00Z").impressions())
                .isEqualTo(1);
    }

    @Test
    void ratiosComeFromSumsAndRoundHalfEven() {
        for (int i = 0; i < 3; i++) {
            add(AdEventJson.impression("i" + i));
        }
        add(AdEventJson.click("c1").price("0.1"));
        add(AdEventJson.click("c2").price("0.2"));
        add(AdEventJson.conversion("v").value("19.99").price("7"));

        assertThat(count.expected().row("AD", "ad-1", "1h", "2026-11-20T10:00:00Z").numbers())
                .containsEntry("ctr", "66.666667")
                .containsEntry("cvr", "50")
                .containsEntry("cpc", "0.15")
                .containsEntry("total_cost", "0.3")
                .containsEntry("total_revenue", "19.99");
    }

    @Test
    void ratiosAreZeroWithoutADenominator() {
        add(AdEventJson.conversion("v"));

        assertThat(count.expected().row("AD", "ad-1", "1m", "2026-11-20T10:00:00Z").numbers())
                .containsEntry("ctr", "0")
                .containsEntry("cvr", "0")
                .containsEntry("cpc", "0")
                .containsEntry("conversions", "1");
    }

    @Test
    void pricesOfImpressionsAndValuesOfClicksCountNowhere() {
        add(AdEventJson.impression("i").price("5").value("5"));
        add(AdEventJson.click("c").value("5"));

        MetricsRow row = count.expected().row("AD", "ad-1", "1m", "2026-11-20T10:00:00Z");
        assertThat(row.totalCost()).isEqualByComparingTo(BigDecimal.ZERO);
        assertThat(row.totalRevenue()).isEqualByComparingTo(BigDecimal.ZERO);
    }

    @Test
    void anAdsRowCarriesTheLatestEventsCampaignThenTheHighestIds() {
        add(AdEventJson.impression("a").at("2026-11-20T10:00:30Z").campaign("later"));
        add(AdEventJson.impression("z").at("2026-11-20T10:00:10Z").campaign("earlier"));
        add(AdEventJson.impression("b").at("2026-11-20T10:00:30Z").campaign("highest"));

        assertThat(count.expected().row("AD", "ad-1", "1m", "2026-11-20T10:00:00Z").campaignId())
                .isEqualTo("highest");
    }

    @Test
    void aConversionWithoutAllIdsIsValidAndInNoWindow() {
        assertThat(add(AdEventJson.pixelConversion("v").value("10"))).isEqualTo(Verdict.VALID);
        assertThat(add(AdEventJson.conversion("w").without("campaign_id")))
                .isEqualTo(Verdict.VALID);

        ExpectedMetrics expected = count.expected();
        assertThat(expected.rows()).isEmpty();
        assertThat(expected.conversionsWithoutIds()).isEqualTo(2);
    }

    @Test
    void aSecondRecordIsADuplicateAndAnotherPayloadAConflict() {
        assertThat(add(AdEventJson.click("c").price("0.25"))).isEqualTo(Verdict.VALID);
        assertThat(add(AdEventJson.click("c").price("0.250").with("unknown", "x")))
                .isEqualTo(Verdict.DUPLICATE);
        assertThat(add(AdEventJson.click("c").price("0.26"))).isEqualTo(Verdict.ID_CONFLICT);
        assertThat(add(AdEventJson.click("c").price("0.25").category("")))
                .isEqualTo(Verdict.ID_CONFLICT);

        ExpectedMetrics expected = count.expected();
        assertThat(expected.row("AD", "ad-1", "1m", "2026-11-20T10:00:00Z").clicks()).isEqualTo(1);
        assertThat(expected.deadLetters()).hasSize(2);
        assertThat(expected.ambiguousIds()).isEmpty();
    }

    @Test
    void anIdIsForgottenAfterTheHorizon() {
        MetricsBatchCount shortMemory =
                MetricsBatchCount.with().dedupHorizon(Duration.ofMinutes(10)).build();
        String[] times = {"10:00:00Z", "10:10:00Z", "10:10:00.001Z"};
        List<Verdict> verdicts = new ArrayList<>();
        for (String time : times) {
            verdicts.add(
                    shortMemory.add(
                            InputRecord.of(
                                    0,
                                    offset++,
                                    ARRIVAL,
                                    AdEventJson.click("c").at("2026-11-20T" + time).json())));
        }
        assertThat(verdicts).containsExactly(Verdict.VALID, Verdict.ID_CONFLICT, Verdict.VALID);
    }

    @Test
    void conflictsAcrossPartitionsHaveNoSingleAnswer() {
        count.add(InputRecord.of(0, 0, ARRIVAL, AdEventJson.click("c").price("1").json()));
        count.add(InputRecord.of(1, 0, ARRIVAL, AdEventJson.click("c").price("2").json()));
        count.add(InputRecord.of(2, 0, ARRIVAL, AdEventJson.click("c").price("1").json()));

        assertThat(count.expected().ambiguousIds()).containsExactly("c");
    }

    @Test
    void theFutureIsRejectedAndNotRemembered() {
        String limit = "2026-11-20T12:05:00.000Z";
        String beyond = "2026-11-20T12:05:00.001Z";
        assertThat(add(AdEventJson.click("c").at(beyond))).isEqualTo(Verdict.FUTURE_EVENT_TIME);
        assertThat(add(AdEventJson.click("c").at(limit))).isEqualTo(Verdict.VALID);
    }

    @Test
    void lateEventsCountInNoWindowAndAreNotRemembered() {
        MetricsBatchCount withLate =
                MetricsBatchCount.with().late(LateRule.ids(Set.of("late"))).build();
        byte[] late = AdEventJson.click("late").json();
        byte[] other = AdEventJson.click("late").price("1").json();
        assertThat(withLate.add(InputRecord.of(0, 0, ARRIVAL, late))).isEqualTo(Verdict.LATE);
        assertThat(withLate.add(InputRecord.of(0, 1, ARRIVAL, late))).isEqualTo(Verdict.LATE);
        assertThat(withLate.add(InputRecord.of(0, 2, ARRIVAL, other))).isEqualTo(Verdict.LATE);
        assertThat(withLate.expected().rows()).isEmpty();
        assertThat(withLate.expected().deadLetters()).isEmpty();
        assertThat(withLate.expected().count(Verdict.LATE)).isEqualTo(3);
    }

    @Test
    void onlyClosedWindowsRemain() {
        add(AdEventJson.click("c").at("2026-11-20T10:59:30Z"));

        ExpectedMetrics expected = count.expected();
        assertThat(expected.closedBy(Instant.parse("2026-11-20T10:59:59.999Z")).rows()).isEmpty();
        assertThat(expected.closedBy(Instant.parse("2026-11-20T11:00:00Z")).rows()).hasSize(9);
        assertThat(expected.rows()).hasSize(9);
    }

    @Test
    void theNineResultsAgreeOnRandomEvents() {
        Random random = new Random(7);
        int records = 20_000;
        for (int i = 0; i < records; i++) {
            String id = "e" + random.nextInt(records);
            String time =
                    Instant.parse("2026-11-20T10:00:00Z")
                            .plusMillis(random.nextInt(7_000_000))
                            .toString();
            AdEventJson event =
                    switch (random.nextInt(4)) {
                        case 0 -> AdEventJson.conversion(id).value(random.nextInt(9_000) + ".015");
                        case 1 -> AdEventJson.click(id).price("0.0" + random.nextInt(1_000_000));
                        case 2 -> AdEventJson.impression(id).price("1");
                        default -> AdEventJson.impression(id).without("ad_id");
                    };
            add(event.at(time).ad("ad-" + random.nextInt(50)).campaign("cmp-1"));
        }
        ExpectedMetrics expected = count.expected();

        assertThat(expected.received()).isEqualTo(records);
        assertThat(
                        expected.count(Verdict.VALID)
                                + expected.count(Verdict.DUPLICATE)
                                + expected.count(Verdict.LATE)
                                + expected.rejected())
                .isEqualTo(records);
        for (String type : List.of("AD", "CAMPAIGN", "ADVERTISER")) {
            for (Window window : Window.values()) {
                assertThat(total(expected, type, window))
                        .isEqualTo(total(expected, "ADVERTISER", Window.ONE_HOUR));
            }
        }
        assertThat(
                        expected.rows().entrySet().stream()
                                .filter(e -> e.getKey().entityType().equals("AD"))
                                .filter(e -> e.getKey().window() == Window.ONE_HOUR)
                                .mapToLong(e -> e.getValue().events())
                                .sum())
                .isEqualTo(expected.count(Verdict.VALID));
    }

    private static List<Object> total(ExpectedMetrics expected, String type, Window window) {
        long impressions = 0;
        long clicks = 0;
        long conversions = 0;
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal revenue = BigDecimal.ZERO;
        for (var entry : expected.rows().entrySet()) {
            if (entry.getKey().entityType().equals(type) && entry.getKey().window() == window) {
                MetricsRow row = entry.getValue();
                impressions += row.impressions();
                clicks += row.clicks();
                conversions += row.conversions();
                cost = cost.add(row.totalCost());
                revenue = revenue.add(row.totalRevenue());
            }
        }
        return List.of(
                impressions,
                clicks,
                conversions,
                cost.stripTrailingZeros(),
                revenue.stripTrailingZeros());
    }

    private Verdict add(EventJson<?> event) {
        return count.add(InputRecord.of(0, offset++, ARRIVAL, event.json()));
    }
}
