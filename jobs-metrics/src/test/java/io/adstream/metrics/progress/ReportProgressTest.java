package io.adstream.metrics.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.metrics.row.MetricsRow;
import java.time.Duration;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportProgressTest {

    private static final long LATENESS = 300_000;

    private OneInputStreamOperatorTestHarness<MetricsRow, Progress> operator;

    @BeforeEach
    void open() throws Exception {
        operator =
                new OneInputStreamOperatorTestHarness<>(
                        new ReportProgress("metrics", Duration.ofMillis(LATENESS)));
        operator.open();
        operator.setProcessingTime(77);
    }

    @AfterEach
    void close() throws Exception {
        operator.close();
    }

    @Test
    void saysNothingBeforeACheckpointIsComplete() throws Exception {
        operator.processWatermark(1_000_000);
        operator.snapshot(1, 1);
        assertThat(operator.extractOutputValues()).isEmpty();
    }

    /** A window that ends at E is final once the watermark is at E - 1 + lateness. */
    @Test
    void saysWhatWasFinalAtTheBarrier() throws Exception {
        operator.processWatermark(1_000_000);
        operator.snapshot(1, 1);
        operator.processWatermark(2_000_000);
        operator.notifyOfCompletedCheckpoint(1);
        assertThat(operator.extractOutputValues())
                .containsExactly(new Progress("metrics", 1_000_000, 1_000_001 - LATENESS, 77));
    }

    @Test
    void takesALaterCheckpointForThoseBefore() throws Exception {
        operator.processWatermark(1_000_000);
        operator.snapshot(1, 1);
        operator.processWatermark(2_000_000);
        operator.snapshot(2, 2);
        operator.notifyOfCompletedCheckpoint(2);
        operator.notifyOfCompletedCheckpoint(1);
        assertThat(operator.extractOutputValues())
                .extracting(Progress::watermark)
                .containsExactly(2_000_000L);
    }

    @Test
    void theEndOfTheInputIsNoTime() throws Exception {
        operator.processWatermark(1_000_000);
        operator.processWatermark(Watermark.MAX_WATERMARK);
        operator.snapshot(1, 1);
        operator.notifyOfCompletedCheckpoint(1);
        assertThat(operator.extractOutputValues())
                .extracting(Progress::watermark)
                .containsExactly(1_000_000L);
    }

    /** A sink fails on what comes after the end, and the last checkpoint comes after it. */
    @Test
    void saysNothingAfterTheEnd() throws Exception {
        operator.processWatermark(1_000_000);
        operator.endInput();
        ((ReportProgress) operator.getOperator()).finish();
        operator.snapshot(1, 1);
        operator.notifyOfCompletedCheckpoint(1);
        assertThat(operator.extractOutputValues()).isEmpty();
    }

    @Test
    void withoutAWatermarkThereIsNothingToSay() throws Exception {
        operator.snapshot(1, 1);
        operator.notifyOfCompletedCheckpoint(1);
        assertThat(operator.extractOutputValues()).isEmpty();
    }
}
