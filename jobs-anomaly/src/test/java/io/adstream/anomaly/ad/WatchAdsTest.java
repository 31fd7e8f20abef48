package io.adstream.anomaly.ad;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.anomaly.Harness;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.common.alert.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchAdsTest {

    private static final OutputTag<Penalty> PENALTIES =
            new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
    private static final long START = 1_795_168_800_000L;
    private static final long MINUTE = 60_000;

    private long minute = START;

    @Test
    void twelveTimesTheUsualOpensOnceAndIsResolved() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 30, 10_000, 100, 0);
            assertThat(subtask.taken()).isEmpty();
            minutes(subtask, 3, 10_000, 1200, 0);
            List<Step> spike = subtask.taken();
            assertThat(statuses(spike)).containsExactly("OPEN", "UPDATE", "UPDATE");
            Alert alert = spike.get(0).alert();
            assertThat(alert.observed()).isEqualTo(12);
            assertThat(alert.usual()).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
            assertThat(alert.entityId()).isEqualTo("ad-1");
            assertThat(spike.get(0).advertiserId()).isEqualTo("adv-1");
            assertThat(subtask.side(PENALTIES)).hasSize(1);
            minutes(subtask, 3, 10_000, 100, 0);
            assertThat(statuses(subtask.taken())).containsExactly("RESOLVED");
            minutes(subtask, 1, 10_000, 1200, 0);
            assertThat(statuses(subtask.taken()))
                    .as("what is usual is uncontaminated")
                    .containsExactly("OPEN");
        }
    }

    @Test
    void fewImpressionsAndNoHistoryAreNoAlert() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 1, 500, 100, 0);
            assertThat(subtask.taken()).as("learning").isEmpty();
        }
        try (var subtask = start(null)) {
            minutes(subtask, 60, 1000, 10, 0);
            minutes(subtask, 1, 20, 2, 0);
            minutes(subtask, 1, 99, 60, 0);
            assertThat(subtask.taken()).isEmpty();
        }
    }

    @Test
    void withoutClicksInTheHistoryChanceIsTakenIntoAccount() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 10, 1000, 0, 0);
            minutes(subtask, 1, 100, 2, 0);
            assertThat(subtask.taken()).isEmpty();
            minutes(subtask, 1, 100, 20, 0);
            assertThat(statuses(subtask.taken())).containsExactly("OPEN");
        }
    }

    @Test
    void anAdThatFallsSilentEndsItsIncident() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 30, 10_000, 100, 5);
            minutes(subtask, 1, 10_000, 1200, 5);
            subtask.taken();
            subtask.watermark(minute + 60 * MINUTE);
            // The conversions of all these clicks never come: that is the other rule's.
            Map<String, List<String>> byRule = new TreeMap<>();
            for (Step step : subtask.taken()) {
                byRule.computeIfAbsent(step.alert().ruleId(), any -> new ArrayList<>())
                        .add(step.alert().status().name());
            }
            assertThat(byRule)
                    .containsEntry("ctr-spike", List.of("RESOLVED"))
                    .allSatisfy((rule, statuses) -> assertThat(statuses).endsWith("RESOLVED"));
            subtask.watermark(minute + Duration.ofDays(4).toMillis());
            assertThat(subtask.stateEntries("ad", "spike", "drop")).isZero();
            assertThat(subtask.timers()).isZero();
        }
    }

    @Test
    void aDropOfConversionsOpensAndIsResolved() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 60, 1000, 100, 10);
            minutes(subtask, 12, 1000, 100, 0);
            List<Step> drop = subtask.taken();
            assertThat(drop.get(0).alert().ruleId()).isEqualTo("cvr-drop");
            assertThat(drop.get(0).alert().status()).isEqualTo(Alert.Status.OPEN);
            assertThat(drop.stream().filter(s -> s.alert().status() == Alert.Status.OPEN))
                    .hasSize(1);
            minutes(subtask, 15, 1000, 100, 10);
            assertThat(statuses(subtask.taken())).endsWith("RESOLVED");
        }
    }

    /** Usually one conversion a minute: 13 missing are beyond chance, ten are not yet. */
    @ParameterizedTest
    @CsvSource({"13, 10", "10, 15"})
    void aDropOpensAsSoonAsItIsBeyondChance(int clicks, int minutesToOpen) throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 600, 1000, 10, 1);
            minutes(subtask, minutesToOpen - 1, 1000, clicks, 0);
            assertThat(subtask.taken()).isEmpty();
            minutes(subtask, 1, 1000, clicks, 0);
            assertThat(statuses(subtask.taken())).containsExactly("OPEN");
        }
    }

    @Test
    void withoutItsGuardADropIsAsItIsWritten() throws Exception {
        try (var subtask = start(null)) {
            subtask.signal(set(RuleId.CVR_DROP, "confirm_chance", 1));
            minutes(subtask, 600, 1000, 10, 1);
            minutes(subtask, 8, 1000, 10, 0);
            assertThat(subtask.taken()).as("two of 100, P = 0.003").isEmpty();
            minutes(subtask, 1, 1000, 10, 0);
            assertThat(statuses(subtask.taken())).as("one, P = 0.0006").containsExactly("OPEN");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "0.00002, 0"})
    void withoutItsGuardASpikeIsAsItIsWritten(double guard, int opened) throws Exception {
        try (var subtask = start(null)) {
            subtask.signal(set(RuleId.CTR_SPIKE, "max_chance", guard));
            minutes(subtask, 600, 1000, 1, 0);
            minutes(subtask, 1, 100, 2, 0);
            assertThat(subtask.taken()).as("2 of 100, usually 0.1: P = 0.005").hasSize(opened);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1000, 1"})
    void aSurgeOfClicksIsADropUnlessTheRuleSaysOtherwise(double surge, int opened)
            throws Exception {
        try (var subtask = start(null)) {
            subtask.signal(set(RuleId.CVR_DROP, "max_surge", surge));
            minutes(subtask, 60, 1000, 20, 2);
            minutes(subtask, 5, 10_000, 300, 2);
            minutes(subtask, 20, 1000, 20, 2);
            assertThat(subtask.taken())
                    .filteredOn(s -> s.alert().ruleId().equals("cvr-drop"))
                    .filteredOn(s -> s.alert().status() == Alert.Status.OPEN)
                    .hasSize(opened);
        }
    }

    @Test
    void aSilentPlatformIsNoDropOfAnAd() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 60, 1000, 100, 10);
            long since = minute;
            minutes(subtask, 3, 1000, 100, 0);
            subtask.signal(Signal.silentSince(since));
            minutes(subtask, 20, 1000, 100, 0);
            subtask.signal(Signal.heardFrom(minute));
            minutes(subtask, 30, 1000, 100, 10);
            assertThat(subtask.taken()).isEmpty();
            minutes(subtask, 12, 1000, 100, 0);
            assertThat(subtask.taken())
                    .as("what is usual is as before")
                    .anyMatch(s -> s.alert().ruleId().equals("cvr-drop"));
        }
    }

    @Test
    void lateClicksCanMakeABreachOfAMinute() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 30, 10_000, 100, 0);
            long amended = minute;
            minutes(subtask, 3, 10_000, 100, 0);
            subtask.add(
                    new AdMinute(
                            "ad-1", "cmp-1", "adv-1", amended, 0, 5000, 0, List.of("e-8", "e-9")));
            minutes(subtask, 15, 10_000, 100, 0);
            assertThat(subtask.taken())
                    .filteredOn(s -> s.alert().status() == Alert.Status.OPEN)
                    .singleElement()
                    .satisfies(s -> assertThat(s.time()).isEqualTo(amended))
                    .satisfies(
                            s ->
                                    assertThat(s.alert().sampleEventIds())
                                            .containsExactly("e-8", "e-9"));
        }
    }

    @Test
    void aScopedRuleWinsOverTheGlobalOne() throws Exception {
        try (var subtask = start(null)) {
            subtask.signal(
                    Signal.of(
                            new Rule(
                                    RuleId.CTR_SPIKE.id(),
                                    1,
                                    Rule.Scope.CAMPAIGN,
                                    "cmp-1",
                                    Map.of(),
                                    Rule.State.PAUSED,
                                    null)));
            minutes(subtask, 30, 10_000, 100, 0);
            minutes(subtask, 3, 10_000, 1200, 0);
            assertThat(subtask.taken()).isEmpty();
        }
    }

    /** Restarts at any moment, onto the other state backend, change no step. */
    @Test
    void restartsChangeNothing() throws Exception {
        assertThat(run(7, true))
                .isEqualTo(run(7, false))
                .hasSizeGreaterThan(10)
                .allMatch(step -> step.matches(".* \\[e-\\d+-\\d, f-\\d+]"));
    }

    private static List<String> run(long seed, boolean restarts) throws Exception {
        Random random = new Random(seed);
        List<String> steps = new ArrayList<>();
        Harness<AdMinute, Step> subtask = start(null);
        for (int m = 0; m < 400; m++) {
            long at = START + m * MINUTE;
            for (int ad = 0; ad < 5; ad++) {
                boolean spike = m % 90 > 80 && ad == m / 90;
                boolean drop = m % 130 > 100 && ad == m / 130;
                int clicks = (spike ? 500 : 30) + random.nextInt(10);
                subtask.add(
                        new AdMinute(
                                "ad-" + ad,
                                "cmp-1",
                                "adv-1",
                                at,
                                1000 + random.nextInt(100),
                                clicks,
                                drop ? 0 : 3 + random.nextInt(3),
                                List.of("e-" + m + "-" + ad, "f-" + m)));
            }
            if (restarts && m % 47 == 3) {
                subtask.taken().forEach(step -> steps.add(text(step)));
                OperatorSubtaskState state = subtask.snapshot();
                subtask.close();
                subtask = start(state);
            }
            subtask.watermark(at + MINUTE + 10_000);
        }
        subtask.taken().forEach(step -> steps.add(text(step)));
        subtask.close();
        steps.sort(null);
        return steps;
    }

    private static Signal set(RuleId rule, String param, double value) {
        return Signal.of(
                new Rule(
                        rule.id(),
                        2,
                        Rule.Scope.GLOBAL,
                        "",
                        Map.of(param, value),
                        Rule.State.ACTIVE,
                        null));
    }

    private static String text(Step step) {
        Alert alert = step.alert();
        return String.join(
                " ",
                alert.alertId(),
                alert.status().name(),
                String.valueOf(step.time()),
                String.valueOf(alert.observed()),
                String.valueOf(alert.sampleEventIds()));
    }

    private void minutes(
            Harness<AdMinute, Step> subtask, int count, long impressions, long clicks, long convs)
            throws Exception {
        for (int i = 0; i < count; i++) {
            subtask.add(new AdMinute("ad-1", "cmp-1", "adv-1", minute, impressions, clicks, convs));
            minute += MINUTE;
            subtask.watermark(minute - 1);
        }
    }

    private static Harness<AdMinute, Step> start(@Nullable OperatorSubtaskState state)
            throws Exception {
        return Harness.start(
                new WatchAds(Duration.ofMinutes(5), Duration.ofDays(3), PENALTIES),
                AdMinute::adId,
                Step.class,
                List.of(RuleStates.RULES, WatchAds.SILENCE),
                state);
    }

    private static List<String> statuses(List<Step> steps) {
        return steps.stream().map(step -> step.alert().status().name()).toList();
    }
}
