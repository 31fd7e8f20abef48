package io.adstream.anomaly.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.anomaly.Harness;
import io.adstream.anomaly.ad.AdMinute;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.common.alert.Alert;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchPlatformTest {

    private static final OutputTag<Signal> SIGNALS =
            new OutputTag<>("signals", TypeInformation.of(Signal.class));
    private static final OutputTag<Penalty> PENALTIES =
            new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
    private static final long START = 1_795_168_800_000L;
    private static final long MINUTE = 60_000;

    private long minute = START;

    @Test
    void threeSilentMinutesOfABusyPlatformAreAnOutage() throws Exception {
        Harness<AdMinute, Step> subtask = start(null);
        minutes(subtask, 90, 500, 20);
        assertThat(subtask.taken()).isEmpty();
        long since = minute;
        minutes(subtask, 2, 500, 0);
        assertThat(subtask.taken()).isEmpty();
        OperatorSubtaskState state = subtask.snapshot();
        subtask.close();
        subtask = start(state);
        minutes(subtask, 2, 500, 0);
        List<Step> steps = subtask.taken();
        assertThat(steps)
                .extracting(step -> step.alert().status())
                .containsExactly(Alert.Status.OPEN, Alert.Status.UPDATE);
        Alert alert = steps.get(0).alert();
        assertThat(alert.ruleId()).isEqualTo("tracking-outage");
        assertThat(alert.entityType()).isEqualTo(Alert.EntityType.PLATFORM);
        assertThat(alert.severity()).isEqualTo(Alert.Severity.CRITICAL);
        assertThat(alert.windowStart()).isEqualTo(since);
        assertThat(subtask.side(SIGNALS)).containsExactly(Signal.silentSince(since));

        minutes(subtask, 2, 500, 20);
        assertThat(subtask.taken())
                .extracting(step -> step.alert().status())
                .containsExactly(Alert.Status.RESOLVED);
        assertThat(subtask.side(SIGNALS)).containsExactly(Signal.heardFrom(minute));
        subtask.watermark(minute + 200 * MINUTE);
        assertThat(subtask.timers()).isZero();
        subtask.close();
    }

    @Test
    void aStopOfAllTrafficIsNone() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 90, 500, 20);
            minutes(subtask, 30, 0, 0);
            assertThat(subtask.taken()).isEmpty();
        }
    }

    @Test
    void aSmallPlatformIsSilentForLonger() throws Exception {
        try (var subtask = start(null)) {
            minutes(subtask, 300, 60, 1);
            minutes(subtask, 10, 60, 0);
            assertThat(subtask.taken()).isEmpty();
            minutes(subtask, 10, 60, 0);
            assertThat(subtask.taken()).isNotEmpty();
        }
    }

    private void minutes(Harness<AdMinute, Step> subtask, int count, long clicks, long conversions)
            throws Exception {
        for (int i = 0; i < count; i++) {
            subtask.add(new AdMinute("", "", "", minute, 10 * clicks, clicks, conversions));
            minute += MINUTE;
            subtask.watermark(minute - 1);
        }
    }

    private static Harness<AdMinute, Step> start(@Nullable OperatorSubtaskState state)
            throws Exception {
        return Harness.start(
                new WatchPlatform(SIGNALS, PENALTIES),
                AdMinute::adId,
                Step.class,
                List.of(RuleStates.RULES),
                state);
    }
}
