package io.adstream.budget.account;

import static io.adstream.budget.account.SpendSubtasks.TAGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.adstream.budget.campaign.ControlSignal;
import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.sync.Deduction;
import io.adstream.budget.sync.SampleRequest;
import io.adstream.common.money.Micros;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrackSpendTest {

    @Test
    void sendsEachStatusEveryTenSeconds() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:00:00Z")) {
            spend.campaign("a", "100", "UTC").campaign("b", null, "UTC");
            spend.click("unknown", "2026-11-20T10:00:00Z", "1");
            spend.clock("2026-11-20T10:00:02Z");
            spend.side(TAGS.statuses());

            spend.clock("2026-11-20T10:01:02Z");

            assertThat(spend.side(TAGS.statuses()))
                    .hasSize(12)
                    .extracting(CampaignStatus::campaignId)
                    .containsOnly("a", "b");
        }
    }

    @Test
    void writesChangedRowsOnceAfterManyClicks() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:00:00Z")) {
            spend.campaign("a", "1000", "UTC").clock("2026-11-20T10:00:02Z");
            for (int i = 0; i < 100; i++) {
                spend.click("a", "2026-11-20T10:09:59.999Z", "0.01");
            }
            spend.click("a", "2026-11-20T10:10:00Z", "0.02");
            spend.clock("2026-11-20T10:01:00Z");

            assertThat(spend.side(TAGS.daily()))
                    .extracting(DailySpend::spent, DailySpend::clicks)
                    .containsExactly(tuple(1_020_000L, 101L));
            assertThat(spend.side(TAGS.windows()))
                    .extracting("windowStart", "clicks", "cost")
                    .containsExactly(
                            tuple(SpendSubtasks.at("2026-11-20T10:00:00Z"), 100L, 1_000_000L),
                            tuple(SpendSubtasks.at("2026-11-20T10:10:00Z"), 1L, 20_000L));
        }
    }

    @Test
    void resumesByTheWallClockWhereLiveInputIsAtItsEnd() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T23:50:00Z")) {
            spend.campaign("a", "100", "UTC").click("a", "2026-11-20T23:50:00Z", "95");
            spend.watermark("2026-11-20T23:49:50Z");
            spend.notices();

            spend.clock("2026-11-21T00:00:05Z");
            assertThat(spend.notices()).isEmpty();
            spend.clock("2026-11-21T00:00:15Z");

            assertThat(spend.notices())
                    .extracting(BudgetNotice::type)
                    .containsExactly(BudgetNotice.Type.CAMPAIGN_RESUMED);
        }
    }

    @Test
    void replayedInputThatEndsKeepsItsPause() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-25T12:00:00Z")) {
            spend.campaign("a", "100", "UTC").click("a", "2026-11-20T23:50:00Z", "95");
            spend.watermark("2026-11-20T23:49:50Z");
            spend.notices();

            spend.clock("2026-11-25T12:10:00Z");

            assertThat(spend.notices()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnAfterARestartAtAnotherParallelism(boolean rocksdb) throws Exception {
        SpendSubtasks.Snapshot snapshot;
        try (var spend = SpendSubtasks.start("2026-11-20T10:00:00Z")) {
            for (int i = 0; i < 20; i++) {
                spend.campaign("c" + i, "100", "UTC");
                spend.click("c" + i, "2026-11-20T10:00:00Z", "50");
            }
            spend.watermark("2026-11-20T10:00:00Z");
            snapshot = spend.snapshot();
        }
        try (var spend = SpendSubtasks.restore(snapshot, 3, rocksdb, "2026-11-20T10:05:00Z")) {
            // PostgreSQL is away: the campaigns are those of the checkpoint.
            for (int i = 0; i < 20; i++) {
                spend.click("c" + i, "2026-11-20T10:00:01Z", "45");
            }
            assertThat(spend.notices())
                    .filteredOn(notice -> notice.type() == BudgetNotice.Type.CAMPAIGN_PAUSED)
                    .hasSize(20);
            spend.clock("2026-11-20T10:05:02Z");
            assertThat(spend.side(TAGS.statuses()))
                    .extracting(CampaignStatus::campaignId)
                    .contains("c0", "c7", "c19");
            assertThat(spend.side(TAGS.daily())).hasSize(20);
            spend.snapshot();
            assertThat(spend.stateEntries()).isEqualTo(20);
        }
    }

    @Test
    void forgetsCampaignsThatWentAwayWhileNobodyLooked() throws Exception {
        SpendSubtasks.Snapshot snapshot;
        try (var spend = SpendSubtasks.start("2026-11-20T10:00:00Z")) {
            spend.campaign("a", "100", "UTC").campaign("gone", "100", "UTC");
            snapshot = spend.snapshot();
            assertThat(spend.stateEntries()).isEqualTo(2);
        }
        try (var spend = SpendSubtasks.restore(snapshot, 1, false, "2026-11-20T10:05:00Z")) {
            spend.signal(ControlSignal.of(ControlSignal.Kind.READING)).campaign("a", "100", "UTC");
            spend.signal(ControlSignal.of(ControlSignal.Kind.READ));
            spend.side(TAGS.statuses());
            spend.clock("2026-11-20T10:05:30Z");

            assertThat(spend.side(TAGS.statuses()))
                    .extracting(CampaignStatus::campaignId)
                    .containsOnly("a");
            spend.snapshot();
            assertThat(spend.stateEntries()).isEqualTo(1);
        }
    }

    @Test
    void leavesNothingOfACampaignThatIsNotInTheTable() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:00:00Z")) {
            spend.click("x", "2026-11-20T10:00:00Z", "1");
            spend.snapshot();
            assertThat(spend.stateEntries()).isEqualTo(1);

            spend.watermark("2026-11-24T00:59:59.999Z");
            spend.watermark("2026-11-24T01:01:00Z");
            spend.snapshot();

            assertThat(spend.stateEntries()).isZero();
            assertThat(spend.side(TAGS.daily())).as("written before").hasSize(1);
        }
    }

    @Test
    void deductionsAreOfTheCutWhateverArrivesAfterIt() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:05:00Z")) {
            spend.campaign("a", "1000", "UTC").watermark("2026-11-20T10:04:50Z");
            spend.click("a", "2026-11-20T10:05:00Z", "100");
            spend.clock("2026-11-20T10:09:54.500Z");
            spend.click("a", "2026-11-20T10:09:54.999Z", "1"); // before the tolerance
            spend.clock("2026-11-20T10:09:55Z");
            spend.click("a", "2026-11-20T10:09:55Z", "2"); // within it
            spend.clock("2026-11-20T10:09:59.999Z");
            assertThat(spend.side(TAGS.requests())).isEmpty();

            spend.clock("2026-11-20T10:10:00.500Z");
            List<SampleRequest> requests = spend.side(TAGS.requests());
            spend.click("a", "2026-11-20T10:10:00Z", "4");
            spend.click("a", "2026-11-20T10:10:04.999Z", "8");
            spend.clock("2026-11-20T10:10:05Z");
            spend.click("a", "2026-11-20T10:10:05Z", "16"); // after the tolerance
            spend.watermark("2026-11-20T10:10:04.999Z");
            assertThat(spend.side(TAGS.deductions())).isEmpty();
            spend.watermark("2026-11-20T10:10:05Z");

            assertThat(requests)
                    .containsExactly(
                            new SampleRequest(
                                    SpendSubtasks.at("2026-11-20T10:10:00Z"),
                                    List.of("a"),
                                    List.of(LocalDate.parse("2026-11-20").toEpochDay())));
            Deduction deduction = spend.side(TAGS.deductions()).get(0);
            assertThat(deduction.deduction()).isEqualTo(103 * Micros.ONE);
            assertThat(deduction.least()).isEqualTo(101 * Micros.ONE);
            assertThat(deduction.most()).isEqualTo(115 * Micros.ONE);
        }
    }

    /** An ad server that counts a click when it sends it, or one whose clock is ahead. */
    @Test
    void whatIsSeenOnTheOtherSideOfTheCutMayBeInTheCounterOrNot() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:05:00Z")) {
            spend.campaign("a", "1000", "UTC").watermark("2026-11-20T10:04:50Z");
            spend.click("a", "2026-11-20T10:05:00Z", "100");
            spend.clock("2026-11-20T10:09:54.500Z");
            spend.click("a", "2026-11-20T10:09:20Z", "1"); // old, and seen in time
            spend.clock("2026-11-20T10:09:55Z");
            spend.click("a", "2026-11-20T10:09:20Z", "2"); // old, and seen close to the cut
            spend.click("a", "2026-11-20T10:10:20Z", "4"); // its time is still to come
            spend.clock("2026-11-20T10:10:30Z");
            spend.click("a", "2026-11-20T10:09:20Z", "8"); // old, and seen after the cut
            spend.click("a", "2026-11-20T10:10:20Z", "16");
            spend.watermark("2026-11-20T10:10:05Z");

            assertThat(spend.side(TAGS.deductions()))
                    .extracting(Deduction::deduction, Deduction::least, Deduction::most)
                    .containsExactly(tuple(111_000_000L, 101_000_000L, 115_000_000L));
        }
    }

    @Test
    void aCutOutlivesARestart() throws Exception {
        SpendSubtasks.Snapshot snapshot;
        try (var spend = SpendSubtasks.start("2026-11-20T10:09:00Z")) {
            spend.campaign("a", "1000", "UTC").watermark("2026-11-20T10:08:50Z");
            spend.clock("2026-11-20T10:09:59Z");
            spend.click("a", "2026-11-20T10:09:59Z", "2");
            spend.clock("2026-11-20T10:10:01Z");
            spend.click("a", "2026-11-20T10:10:01Z", "4");
            assertThat(spend.side(TAGS.requests())).hasSize(1);
            snapshot = spend.snapshot();
        }
        try (var spend = SpendSubtasks.restore(snapshot, 2, false, "2026-11-20T10:10:20Z")) {
            spend.click("a", "2026-11-20T10:10:30Z", "8");
            spend.watermark("2026-11-20T10:10:20Z");

            assertThat(spend.side(TAGS.requests())).as("sampled once").isEmpty();
            assertThat(spend.side(TAGS.deductions()))
                    .extracting(Deduction::deduction, Deduction::least, Deduction::most)
                    .containsExactly(tuple(2_000_000L, 0L, 6_000_000L));
        }
    }

    @Test
    void comparesYesterdayWhileItsClicksCanStillCome() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T15:01:00Z")) {
            spend.campaign("a", "1000", "Asia/Seoul").watermark("2026-11-20T15:00:50Z");
            spend.clock("2026-11-20T15:10:01Z");
            assertThat(spend.side(TAGS.requests()).get(0).dates())
                    .containsExactly(
                            LocalDate.parse("2026-11-20").toEpochDay(),
                            LocalDate.parse("2026-11-21").toEpochDay());
            spend.clock("2026-11-20T16:05:00Z").watermark("2026-11-20T16:04:50Z");
            spend.clock("2026-11-20T16:10:01Z");
            assertThat(spend.side(TAGS.requests()))
                    .last()
                    .extracting(SampleRequest::dates)
                    .isEqualTo(List.of(LocalDate.parse("2026-11-21").toEpochDay()));
        }
    }

    @Test
    void looksAtTheCountersSoonAfterRedisWasStartedAnew() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:01:00Z")) {
            spend.campaign("a", "1000", "UTC").watermark("2026-11-20T10:00:50Z");
            spend.signal(ControlSignal.redis("one")).signal(ControlSignal.redis("one"));
            spend.clock("2026-11-20T10:02:00Z");
            assertThat(spend.side(TAGS.requests())).isEmpty();
            spend.side(TAGS.statuses());

            spend.signal(ControlSignal.redis("two"));
            spend.clock("2026-11-20T10:02:01Z");
            assertThat(spend.side(TAGS.statuses())).isNotEmpty();
            spend.clock("2026-11-20T10:03:00Z");

            assertThat(spend.side(TAGS.requests())).hasSize(2);
            spend.watermark("2026-11-20T10:02:50Z");
            assertThat(spend.side(TAGS.deductions())).hasSize(2).allMatch(Deduction::afterLoss);
        }
    }

    @Test
    void aLossThatIsNoticedAfterASampleExplainsWhatItMisses() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:05:00Z")) {
            spend.campaign("a", "1000", "UTC").watermark("2026-11-20T10:04:50Z");
            spend.signal(ControlSignal.redis("one"));
            spend.clock("2026-11-20T10:10:01Z");
            assertThat(spend.side(TAGS.requests())).hasSize(1);

            spend.signal(ControlSignal.redis("two"));
            spend.watermark("2026-11-20T10:10:05Z");

            assertThat(spend.side(TAGS.deductions()))
                    .singleElement()
                    .satisfies(deduction -> assertThat(deduction.afterLoss()).isTrue());
        }
    }

    @Test
    void doesNotPileUpCutsWhileTheStreamIsBehind() throws Exception {
        try (var spend = SpendSubtasks.start("2026-11-20T10:05:00Z")) {
            spend.campaign("a", "1000", "UTC").watermark("2026-11-20T09:00:00Z");
            spend.clock("2026-11-20T11:05:00Z");
            assertThat(spend.side(TAGS.requests())).hasSize(1);
            spend.watermark("2026-11-20T11:04:00Z");
            spend.clock("2026-11-20T11:11:00Z");
            assertThat(spend.side(TAGS.requests())).hasSize(1);
        }
    }

    @Test
    void agreesWithANaiveCountOverZonesRestartsAndUnknownCampaigns() throws Exception {
        long seed = 20261120;
        SplittableRandom random = new SplittableRandom(seed);
        List<String> zones =
                List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia");
        Map<String, Map<LocalDate, Long>> expected = new HashMap<>();
        SpendSubtasks spend = SpendSubtasks.start("2026-03-27T00:00:00Z");
        Map<Long, Map<String, DailySpend>> rows = new TreeMap<>();
        long time = SpendSubtasks.at("2026-03-27T00:00:00Z");
        try {
            for (int i = 0; i < 20_000; i++) {
                time += random.nextInt(40_000);
                int number = random.nextInt(10);
                String campaign = "c" + number;
                for (int late = 0; late < 10; late++) {
                    if (i == 500 + late * 300) { // in the table now, and so moved
                        spend.campaign("c" + late, "1000000", zones.get(late % 5));
                    }
                }
                long at = time - random.nextInt(3_500_000);
                long cost = random.nextInt(1_000_000);
                spend.click(campaign, at, cost);
                expected.computeIfAbsent(campaign, any -> new HashMap<>())
                        .merge(
                                LocalDate.ofInstant(
                                        Instant.ofEpochMilli(at), ZoneId.of(zones.get(number % 5))),
                                cost,
                                Long::sum);
                if (i % 20 == 0) {
                    spend.watermark(Instant.ofEpochMilli(time - 10_000).toString());
                }
                if (i % 2500 == 2499) {
                    take(rows, spend);
                    var snapshot = spend.snapshot();
                    spend.close();
                    spend =
                            SpendSubtasks.restore(
                                    snapshot,
                                    1 + random.nextInt(3),
                                    random.nextBoolean(),
                                    "2026-03-27T00:00:00Z");
                }
            }
            spend.clock("2026-03-27T00:01:00Z");
            take(rows, spend);
        } finally {
            spend.close();
        }
        Map<String, Map<LocalDate, Long>> found = new HashMap<>();
        rows.forEach(
                (date, ofDate) ->
                        ofDate.forEach(
                                (campaign, row) -> {
                                    if (row.clicks() > 0) {
                                        found.computeIfAbsent(campaign, any -> new HashMap<>())
                                                .put(LocalDate.ofEpochDay(date), row.spent());
                                    }
                                }));
        assertThat(found).as("seed %s", seed).isEqualTo(expected);
    }

    private static void take(Map<Long, Map<String, DailySpend>> rows, SpendSubtasks spend)
            throws Exception {
        for (DailySpend row : spend.side(TAGS.daily())) {
            rows.computeIfAbsent(row.budgetDate(), any -> new HashMap<>())
                    .merge(
                            row.campaignId(),
                            row,
                            (stored, next) ->
                                    next.moves() > stored.moves()
                                                    || (next.moves() == stored.moves()
                                                            && next.clicks() >= stored.clicks())
                                            ? next
                                            : stored);
        }
    }
}
