package io.adstream.quality.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.quality.Scores;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdmitWindowsTest {

    private static final long MINUTE = 60_000;

    private OneInputStreamOperatorTestHarness<MetricsUpdate, AdWindow> admit;

    @BeforeEach
    void open() throws Exception {
        admit = open(null);
    }

    @AfterEach
    void close() throws Exception {
        admit.close();
    }

    @Test
    void aFirstRowHasTheLastInstantOfItsWindowAndAnAmendmentThatOfTheNewest() throws Exception {
        row(0, 5, true);
        row(0, 10, true);
        row(0, 5, false);
        row(1, 5, false);
        assertThat(minutes()).containsExactly(5L, 10L, 10L, 5L);
    }

    @Test
    void otherRowsTellTheTimeAlone() throws Exception {
        admit.processElement(
                new StreamRecord<>(new MetricsUpdate(0, Scores.NOON + 7 * MINUTE, true, null)));
        row(0, 5, false);
        assertThat(minutes()).containsExactly(7L);
    }

    @Test
    void whatIsKnownOfAPartitionOutlivesARestart() throws Exception {
        row(0, 10, true);
        OperatorSubtaskState state = admit.snapshot(1, 1);
        admit.close();
        admit = open(state);
        row(0, 5, false);
        assertThat(minutes()).containsExactly(10L);
    }

    private static OneInputStreamOperatorTestHarness<MetricsUpdate, AdWindow> open(
            @Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new OneInputStreamOperatorTestHarness<MetricsUpdate, AdWindow>(new AdmitWindows());
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void row(int partition, int endMinute, boolean first) throws Exception {
        long end = Scores.NOON + endMinute * MINUTE;
        admit.processElement(
                new StreamRecord<>(
                        new MetricsUpdate(
                                partition,
                                end,
                                first,
                                new AdWindow("ad-1", "shoes", end - AdWindow.MILLIS, 10, 1, 0))));
    }

    /** From which minute of the hour on each row counts. */
    private List<Long> minutes() {
        return admit.extractOutputStreamRecords().stream()
                .map(row -> (row.getTimestamp() + 1 - Scores.NOON) / MINUTE)
                .toList();
    }
}
