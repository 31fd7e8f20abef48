package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.common.money.Micros;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetControlTest {

    private static final long WALL = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

    private final Decisions decisions = new Decisions();
    private final BudgetControl control = new BudgetControl(decisions);
    private CampaignAccount account = new CampaignAccount("cmp-1");
    private long stream = EventClock.UNKNOWN;
    private long wall = WALL;

    @ParameterizedTest
    @CsvSource({"94.99, false", "94.999999, false", "95.00, true", "95.01, true", "250, true"})
    void pausesFrom95PercentOn(String spent, boolean paused) {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", spent);

        assertThat(isPaused()).isEqualTo(paused);
        assertThat(decisions.pauses()).isEqualTo(paused ? List.of("PAUSED 2026-11-20") : List.of());
        assertThat(decisions.tableChanges()).isEqualTo(paused ? List.of("PAUSED") : List.of());
    }

    @Test
    void addsCentsExactly() {
        campaign("0.3", "UTC");
        click("2026-11-20T10:00:00Z", "0.1");
        click("2026-11-20T10:00:01Z", "0.2");

        assertThat(decisions.thresholds())
                .containsExactly(
                        "50 2026-11-20", "80 2026-11-20", "95 2026-11-20", "100 2026-11-20");
        assertThat(status().usage()).isEqualTo(100 * Micros.ONE);
    }

    @Test
    void tellsEachThresholdOncePerDate() {
        campaign("100", "UTC");
        for (int i = 0; i < 120; i++) {
            click("2026-11-20T10:00:00Z", "1");
        }
        assertThat(decisions.thresholds())
                .containsExactly(
                        "50 2026-11-20", "80 2026-11-20", "95 2026-11-20", "100 2026-11-20");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-20");
        assertThat(decisions.alertSteps()).hasSize(4).containsOnly("OPEN budget-threshold");
        assertThat(decisions.spentAfterPause).isEqualTo(25 * Micros.ONE);

        budget("1000");
        budget("100");
        assertThat(decisions.thresholds()).isEmpty();
        click("2026-11-21T10:00:00Z", "50");
        assertThat(decisions.thresholds()).containsExactly("50 2026-11-21");
    }

    @Test
    void resumesWhenTimePassesTheEndOfTheDate() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "95");
        clear();

        time("2026-11-20T23:59:59.998Z");
        assertThat(decisions.pauses()).isEmpty();
        time("2026-11-20T23:59:59.999Z");

        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-21");
        assertThat(decisions.tableChanges()).containsExactly("ACTIVE");
        assertThat(isPaused()).isFalse();
        assertThat(status().budgetDate()).isEqualTo(day("2026-11-21"));
        assertThat(status().remaining()).isEqualTo(100 * Micros.ONE);
        assertThat(decisions.alertSteps()).containsOnly("RESOLVED budget-threshold").hasSize(3);
    }

    @Test
    void aDayOf23HoursHasTheFullBudgetAndEndsInTime() {
        campaign("100", "Europe/Berlin");
        // 2026-03-29 begins at 23:00 UTC the day before and ends at 22:00 UTC.
        click("2026-03-28T23:00:00Z", "50");
        click("2026-03-29T21:59:59.999Z", "45");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-03-29");

        time("2026-03-29T21:59:59.999Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-03-30");
    }

    @Test
    void aDayOf25HoursIsOneDay() {
        campaign("100", "America/New_York");
        // 2026-11-01 lasts from 04:00 UTC to 05:00 UTC of the next day.
        click("2026-11-01T04:00:00Z", "50");
        click("2026-11-02T04:59:59.999Z", "45");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-01");

        time("2026-11-02T04:00:00Z");
        assertThat(decisions.pauses()).isEmpty();
        time("2026-11-02T05:00:00Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-02");
    }

    @Test
    void yesterdaysClickFiveMinutesAfterMidnightLeavesTodayAlone() {
        campaign("100", "Asia/Seoul");
        click("2026-11-20T14:00:00Z", "94"); // 23:00
        time("2026-11-20T15:04:50Z"); // 00:04:50
        click("2026-11-20T15:05:00Z", "1");
        clear();

        click("2026-11-20T14:59:59.999Z", "50");

        assertThat(decisions.pauses()).isEmpty();
        assertThat(decisions.thresholds()).containsExactly("95 2026-11-20", "100 2026-11-20");
        assertThat(decisions.alertSteps())
                .containsExactly(
                        "OPEN budget-threshold",
                        "RESOLVED budget-threshold",
                        "OPEN budget-threshold",
                        "RESOLVED budget-threshold");
        refresh();
        assertThat(isPaused()).isFalse();
        assertThat(status().budgetDate()).isEqualTo(day("2026-11-21"));
        assertThat(status().usage()).isEqualTo(Micros.ONE);
    }

    @Test
    void anOlderOpenDateThatCrossesIsToldAndPausesNobody() {
        campaign("100", "UTC");
        click("2026-11-20T23:59:00Z", "90");
        click("2026-11-21T00:00:01Z", "1");
        click("2026-11-20T23:59:59Z", "10");

        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-20");
        assertThat(decisions.tableChanges()).isEmpty();
        refresh();
        assertThat(isPaused()).isFalse();
        assertThat(status().budgetDate()).isEqualTo(day("2026-11-21"));
        // Whoever listens to records alone hears that it is over.
        time("2026-11-21T00:00:00Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-21");
        assertThat(decisions.tableChanges()).isEmpty();
    }

    @Test
    void aClickOfTomorrowDoesNotResumeToday() {
        campaign("100", "UTC");
        click("2026-11-20T23:58:00Z", "95");
        clear();
        click("2026-11-21T00:00:01Z", "1"); // a clock that is ahead

        refresh();
        assertThat(isPaused()).isTrue();
        time("2026-11-21T00:00:00Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-21");
        assertThat(isPaused()).isFalse();
    }

    @Test
    void staysPausedWhereTheNextDateHasCrossedToo() {
        campaign("100", "UTC");
        click("2026-11-20T23:58:00Z", "95");
        click("2026-11-21T00:00:01Z", "96");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-20", "PAUSED 2026-11-21");
        time("2026-11-21T00:00:00Z");

        assertThat(decisions.pauses()).isEmpty();
        assertThat(isPaused()).isTrue();
        time("2026-11-22T00:00:00Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-22");
    }

    @Test
    void aRaisedBudgetResumesBelow90PercentAndDoesNotFlap() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "95");
        clear();

        budget("105.555555"); // 90.0000004 %
        assertThat(decisions.pauses()).isEmpty();
        assertThat(isPaused()).isTrue();
        budget("105.555556"); // 89.99999…
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-20");
        assertThat(isPaused()).isFalse();
        assertThat(decisions.tableChanges()).endsWith("ACTIVE");

        click("2026-11-20T10:01:00Z", "5");
        assertThat(decisions.pauses()).isEmpty();
        click("2026-11-20T10:02:00Z", "1");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-20");
    }

    @Test
    void aLoweredBudgetPausesAtOnceAndNoneResumes() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "40");
        budget("42");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-20");

        budget(null);
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-20");
        assertThat(status().usage()).isNull();
        assertThat(status().remaining()).isNull();
        click("2026-11-20T10:00:00Z", "1000000");
        assertThat(decisions.pauses()).isEmpty();
    }

    @Test
    void aBudgetOfZeroIsPausedAtOnceEveryDay() {
        stream = at("2026-11-20T10:00:00Z");
        campaign("0", "UTC");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-20");
        assertThat(decisions.thresholds()).isEmpty();
        assertThat(isPaused()).isTrue();

        time("2026-11-21T00:00:00Z");
        refresh();
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-21");
        assertThat(isPaused()).isTrue();
        refresh();
        assertThat(decisions.pauses()).isEmpty();
        budget("10");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-21");
    }

    @Test
    void somebodyElsesPauseIsNotTouchedAndSurvivesMidnight() {
        row("100", "UTC", Campaign.PAUSED, "MANUAL", 0);
        click("2026-11-20T10:00:00Z", "95");
        refresh();
        assertThat(status().cause()).isEqualTo("MANUAL");
        clear();

        time("2026-11-21T00:00:00Z");

        assertThat(decisions.pauses()).as("no CAMPAIGN_RESUMED").isEmpty();
        refresh();
        assertThat(isPaused()).isTrue();
        assertThat(status().cause()).isEqualTo("MANUAL");
        row("100", "UTC", Campaign.ACTIVE, null, 0);
        assertThat(isPaused()).isFalse();
    }

    @Test
    void pausesAgainWhenSomebodyElseLetsGoOfACampaignOverBudget() {
        row("100", "UTC", Campaign.PAUSED, "FRAUD", 0);
        click("2026-11-20T10:00:00Z", "95");
        clear();

        row("100", "UTC", Campaign.ACTIVE, null, 0);

        assertThat(decisions.tableChanges()).containsExactly("PAUSED");
        assertThat(isPaused()).isTrue();
        assertThat(status().cause()).isEqualTo("BUDGET");
    }

    @Test
    void aReactivationByHandIsRespectedForTheDateWithAnAlert() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "95");
        long seq = Objects.requireNonNull(decisions.commands.get(0)).pauseSeq();
        row("100", "UTC", Campaign.PAUSED, "BUDGET", seq);
        clear();

        row("100", "UTC", Campaign.ACTIVE, "BUDGET", seq);

        assertThat(decisions.alertSteps()).containsExactly("OPEN budget-override");
        assertThat(isPaused()).isFalse();
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-20");
        assertThat(decisions.tableChanges()).isEmpty();
        click("2026-11-20T10:01:00Z", "500");
        budget("120");
        assertThat(decisions.pauses()).isEmpty();
        assertThat(isPaused()).isFalse();

        time("2026-11-21T00:00:00Z");
        assertThat(decisions.alertSteps()).contains("RESOLVED budget-override");
        click("2026-11-21T10:00:00Z", "119");
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-21");
    }

    @Test
    void aRowFromBeforeThePauseIsNoReactivation() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "95");
        clear();

        row("100.000001", "UTC", Campaign.ACTIVE, null, 0);

        assertThat(decisions.alertSteps()).isEmpty();
        assertThat(isPaused()).isTrue();
        assertThat(decisions.tableChanges()).as("once more").containsExactly("PAUSED");
    }

    @Test
    void anUnknownCampaignIsCountedUnderUtcAndMovedWhenItIsKnown() {
        click("2026-11-20T13:00:00Z", "30"); // 22:00 in Seoul
        click("2026-11-20T15:00:00Z", "60"); // 00:00 the next day
        click("2026-11-21T00:30:00Z", "5");
        account.flush(decisions);
        assertThat(decisions.daily).extracting("spent").containsExactly(90_000_000L, 5_000_000L);
        assertThat(decisions.pauses()).isEmpty();
        assertThat(decisions.status).isNull();
        decisions.daily.clear();

        stream = at("2026-11-21T00:30:00Z");
        campaign("65", "Asia/Seoul");
        account.flush(decisions);

        assertThat(decisions.daily)
                .extracting("budgetDate", "spent", "clicks", "moves")
                .containsExactly(
                        tuple(day("2026-11-20"), 30_000_000L, 1L, 1),
                        tuple(day("2026-11-21"), 65_000_000L, 2L, 1));
        assertThat(decisions.pauses()).containsExactly("PAUSED 2026-11-21");
        assertThat(decisions.windows).hasSize(3);
    }

    @Test
    void spendIsNotMovedToADateThatIsForgotten() {
        click("2026-11-16T10:00:00Z", "7");
        click("2026-11-17T02:00:00Z", "30"); // 21:00 of the 16th in New York
        stream = at("2026-11-20T01:00:00Z");
        account.purge(stream, 3_600_000);
        account.flush(decisions);
        decisions.daily.clear();

        campaign("100", "America/New_York");
        account.flush(decisions);

        assertThat(decisions.daily)
                .extracting("budgetDate", "spent")
                .containsExactly(tuple(day("2026-11-17"), 30_000_000L));
    }

    @Test
    void aDateThatMovesAwayWhollyIsTakenOut() {
        click("2026-11-20T23:00:00Z", "30"); // 08:00 in Seoul
        campaign("100", "Asia/Seoul");
        account.flush(decisions);

        assertThat(decisions.daily)
                .extracting("budgetDate", "clicks")
                .containsExactly(tuple(day("2026-11-20"), 0L), tuple(day("2026-11-21"), 1L));
    }

    @Test
    void anotherZoneAppliesToLaterClicks() {
        campaign("100", "UTC");
        click("2026-11-20T16:00:00Z", "10");
        campaign("100", "Asia/Seoul");
        click("2026-11-20T16:00:00Z", "20");
        account.flush(decisions);

        assertThat(decisions.daily)
                .extracting("budgetDate", "spent")
                .containsExactly(
                        tuple(day("2026-11-20"), 10_000_000L),
                        tuple(day("2026-11-21"), 20_000_000L));
    }

    @Test
    void endsAPauseThatOnlyTheTableKnowsOf() {
        row("100", "UTC", Campaign.PAUSED, "BUDGET", 7);
        stream = at("2026-11-20T10:00:00Z");
        refresh();
        assertThat(decisions.pauses()).isEmpty();
        wall += 60_000;
        refresh();

        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-20");
        assertThat(decisions.tableChanges()).containsExactly("ACTIVE");
    }

    @Test
    void aCampaignThatIsGoneIsNotServedAStatus() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "95");
        control.removed(account);
        decisions.status = null;
        clear();

        refresh();
        time("2026-11-21T00:00:00Z");

        assertThat(decisions.status).isNull();
        assertThat(decisions.pauses()).isEmpty();
        campaign("100", "UTC");
        assertThat(isPaused()).isFalse();
    }

    @Test
    void aRowThatIsInsertedAgainIsPausedWhereItsDateHasCrossed() {
        campaign("100", "UTC");
        click("2026-11-20T10:00:00Z", "95");
        control.removed(account);
        clear();

        campaign("100", "UTC");

        assertThat(isPaused()).isTrue();
        assertThat(decisions.tableChanges()).endsWith("PAUSED");
        assertThat(decisions.pauses()).as("told already").isEmpty();
        time("2026-11-21T00:00:00Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-21");
    }

    @Test
    void aRestoredAccountDecidesAsTheOneThatWasStored() throws Exception {
        campaign("100", "Asia/Kolkata");
        click("2026-11-20T10:00:00Z", "60");
        click("2026-11-20T10:00:01Z", "35");
        clear();

        account = AccountCodec.read("cmp-1", new AccountCodec().write(account));

        click("2026-11-20T10:00:02Z", "1");
        assertThat(decisions.pauses()).isEmpty();
        assertThat(decisions.thresholds()).isEmpty();
        time("2026-11-20T18:30:00Z");
        assertThat(decisions.pauses()).containsExactly("RESUMED 2026-11-21");
    }

    private void campaign(@Nullable String budget, String zone) {
        row(budget, zone, Campaign.ACTIVE, null, 0);
    }

    private void row(
            @Nullable String budget, String zone, String status, @Nullable String cause, long seq) {
        Long micros = budget == null ? null : (Long) Micros.parse(budget);
        control.campaign(
                account, new Campaign("cmp-1", micros, zone, status, cause, seq, 0), moment());
    }

    /** Another budget in the row as it is. */
    private void budget(@Nullable String budget) {
        Campaign row = Objects.requireNonNull(account.campaign);
        row(budget, row.timeZone(), row.status(), row.pauseCause(), row.pauseSeq());
    }

    private void click(String time, String cost) {
        control.click(
                account,
                new Click("cmp-1", at(time), 0, Micros.parse(cost)),
                Map.of(),
                0,
                moment());
    }

    private void time(String time) {
        stream = at(time);
        control.advance(account, moment());
    }

    private void refresh() {
        control.refresh(account, true, moment());
    }

    private void clear() {
        decisions.notices.clear();
        decisions.alerts.clear();
        decisions.commands.clear();
    }

    private Moment moment() {
        return new Moment(stream, wall);
    }

    private CampaignStatus status() {
        return Objects.requireNonNull(decisions.status);
    }

    private boolean isPaused() {
        return status().status().equals(Campaign.PAUSED);
    }

    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    private static long day(String date) {
        return LocalDate.parse(date).toEpochDay();
    }
}
