package io.adstream.anomaly.flood;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.anomaly.Harness;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.common.alert.Alert;
import io.adstream.testing.oracle.ExpectedFloods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchClicksTest {

    private static final OutputTag<Penalty> PENALTIES =
            new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
    private static final long START = 1_795_168_800_000L;
    private static final long MINUTE = 60_000;

    @Test
    void oneOpenPerIncidentThenUpdatesThenResolved() throws Exception {
        try (var subtask = start(null)) {
            for (int i = 0; i < 400; i++) {
                subtask.add(click("d-1", START + i * 500L));
            }
            List<Step> opened = subtask.taken();
            assertThat(statuses(opened)).containsExactly("OPEN");
            Alert alert = opened.get(0).alert();
            assertThat(alert.observed()).isEqualTo(101);
            assertThat(alert.windowStart()).isEqualTo(START);
            assertThat(opened.get(0).time()).isEqualTo(START + 50_000);
            assertThat(alert.sampleEventIds()).hasSize(5);
            assertThat(subtask.side(PENALTIES))
                    .containsExactly(new Penalty("ad-1", 1, alert.alertId(), START + 60 * MINUTE));

            subtask.watermark(START + 10 * MINUTE);
            List<Step> rest = subtask.taken();
            assertThat(statuses(rest)).containsExactly("UPDATE", "UPDATE", "RESOLVED");
            assertThat(rest).allMatch(step -> step.alert().alertId().equals(alert.alertId()));
            subtask.watermark(START + 20 * MINUTE);
            assertThat(subtask.stateEntries("clicks", "incident")).isZero();
            assertThat(subtask.timers()).isZero();
        }
    }

    @Test
    void deviceAndAddressAreCountedApart() throws Exception {
        try (var subtask = start(null)) {
            for (int i = 0; i < 101; i++) {
                subtask.add(click("d-" + i, START + i));
                subtask.add(
                        new Click(
                                Alert.EntityType.IP,
                                "203.0.113.9",
                                START + i,
                                "ad-1",
                                "cmp-1",
                                "adv-1",
                                "e"));
            }
            assertThat(subtask.taken())
                    .extracting(step -> step.alert().entityId())
                    .containsExactly("203.0.113.9");
        }
    }

    @Test
    void aRuleTakesEffectAtOnceAndAnOlderOneChangesNothing() throws Exception {
        try (var subtask = start(null)) {
            subtask.rule(RuleId.CLICK_FLOOD, 3, Rule.State.ACTIVE, Map.of("clicks", 5.0));
            subtask.rule(RuleId.CLICK_FLOOD, 2, Rule.State.ACTIVE, Map.of("clicks", 2.0));
            for (int i = 0; i < 5; i++) {
                subtask.add(click("d", START + i));
            }
            assertThat(subtask.taken()).isEmpty();
            subtask.add(click("d", START + 5));
            assertThat(subtask.taken())
                    .singleElement()
                    .satisfies(step -> assertThat(step.alert().ruleVersion()).isEqualTo(3));
        }
    }

    @Test
    void aPausedRuleEndsItsIncidentsAndAShadowIsSeenByNobody() throws Exception {
        try (var subtask = start(null)) {
            subtask.rule(RuleId.CLICK_FLOOD, 1, Rule.State.SHADOW, Map.of("clicks", 5.0));
            for (int i = 0; i < 9; i++) {
                subtask.add(click("d", START + i));
            }
            assertThat(subtask.taken()).singleElement().matches(Step::shadow);
            assertThat(subtask.side(PENALTIES)).isEmpty();
            subtask.rule(RuleId.CLICK_FLOOD, 2, Rule.State.PAUSED, Map.of());
            subtask.watermark(START + 2 * MINUTE);
            assertThat(subtask.taken())
                    .singleElement()
                    .matches(step -> step.alert().status() == Alert.Status.RESOLVED)
                    .matches(Step::shadow);
        }
    }

    @Test
    void aFloodOfADeviceLeavesNoMoreThanItsCount() throws Exception {
        try (var subtask = start(null)) {
            for (int i = 0; i < 100_000; i++) {
                subtask.add(click("d-1", START + i / 10));
                if (i % 10_000 == 0) {
                    subtask.watermark(START + i / 10 - 10_000);
                }
            }
            assertThat(statuses(subtask.taken())).containsOnlyOnce("OPEN");
            assertThat(subtask.timers()).isLessThan(4);
            assertThat(subtask.stateEntries("clicks", "incident")).isEqualTo(2);
        }
    }

    /** Incidents, with restarts in between, are those of a count that sorts all clicks. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void findsTheIncidentsOfAnIndependentCount(long seed) throws Exception {
        Random random = new Random(seed);
        List<ExpectedFloods.Click> clicks = new ArrayList<>();
        for (int burst = 0; burst < 60; burst++) {
            String device = "d-" + random.nextInt(6);
            long from = START + random.nextInt(90) * MINUTE + random.nextInt(60_000);
            int count = 20 + random.nextInt(140);
            int span = 10_000 + random.nextInt(80_000);
            for (int i = 0; i < count; i++) {
                clicks.add(new ExpectedFloods.Click(device, from + random.nextInt(span)));
            }
        }
        clicks.sort(Comparator.comparingLong(ExpectedFloods.Click::time));
        List<ExpectedFloods.Flood> expected = ExpectedFloods.of(clicks, 100, 60_000, 50, 2);
        assertThat(expected).hasSizeGreaterThan(8);

        List<Step> steps = new ArrayList<>();
        Harness<Click, Step> subtask = start(null);
        long watermark = Long.MIN_VALUE;
        for (int i = 0; i < clicks.size(); i += 50) {
            List<ExpectedFloods.Click> chunk =
                    new ArrayList<>(clicks.subList(i, Math.min(clicks.size(), i + 50)));
            int salt = random.nextInt();
            chunk.sort(Comparator.comparingInt(click -> (click.entity() + salt).hashCode()));
            for (ExpectedFloods.Click click : chunk) {
                subtask.add(click(click.entity(), click.time()));
            }
            watermark = clicks.get(Math.min(clicks.size(), i + 50) - 1).time() - 1;
            if (random.nextInt(20) == 0) {
                steps.addAll(subtask.taken());
                OperatorSubtaskState state = subtask.snapshot();
                subtask.close();
                subtask = start(state);
            }
            subtask.watermark(watermark);
        }
        subtask.watermark(watermark + 60 * MINUTE);
        steps.addAll(subtask.taken());
        assertThat(subtask.stateEntries("clicks", "incident")).isZero();
        subtask.close();

        assertThat(incidents(steps)).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<ExpectedFloods.Flood> incidents(List<Step> steps) {
        Map<String, Step> open = new HashMap<>();
        List<ExpectedFloods.Flood> incidents = new ArrayList<>();
        for (Step step : steps) {
            String id = step.alert().alertId();
            switch (step.alert().status()) {
                case OPEN -> assertThat(open.put(id, step)).isNull();
                case UPDATE -> assertThat(open).containsKey(id);
                case RESOLVED -> {
                    Step opened = open.remove(id);
                    incidents.add(
                            new ExpectedFloods.Flood(
                                    step.alert().entityId(), opened.time(), step.time()));
                }
            }
        }
        assertThat(open).isEmpty();
        return incidents;
    }

    private static Harness<Click, Step> start(@Nullable OperatorSubtaskState state)
            throws Exception {
        return Harness.start(
                new WatchClicks(Duration.ofMinutes(5), PENALTIES),
                Click::key,
                Step.class,
                List.of(RuleStates.RULES),
                state);
    }

    private static List<String> statuses(List<Step> steps) {
        return steps.stream().map(step -> step.alert().status().name()).toList();
    }

    private static Click click(String device, long time) {
        return new Click(
                Alert.EntityType.DEVICE, device, time, "ad-1", "cmp-1", "adv-1", "e" + time);
    }
}
