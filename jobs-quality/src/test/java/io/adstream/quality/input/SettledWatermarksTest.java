package io.adstream.quality.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class SettledWatermarksTest {

    private static final long MINUTE = 60_000;

    private long nanos = 77;
    private long watermark = Long.MIN_VALUE;
    private boolean idle;

    private final WatermarkOutput output =
            new WatermarkOutput() {
                @Override
                public void emitWatermark(Watermark mark) {
                    watermark = Math.max(watermark, mark.getTimestamp());
                    idle = false;
                }

                @Override
                public void markIdle() {
                    idle = true;
                }

                @Override
                public void markActive() {
                    idle = false;
                }
            };

    private final RelativeClock clock =
            new RelativeClock() {
                @Override
                public long relativeTimeMillis() {
                    return nanos / 1_000_000;
                }

                @Override
                public long relativeTimeNanos() {
                    return nanos;
                }
            };

    private final SettledWatermarks settled =
            new SettledWatermarks(
                    clock, Duration.ofSeconds(15), Duration.ofMinutes(2), Duration.ofSeconds(30));

    @Test
    void aWindowIsCompleteWhenARowOfALaterOneHasComeAndItsOwnRowsHaveSettled() {
        row(5, true);
        after(60);
        assertThat(passed(5)).isFalse();
        row(6, true);
        after(0);
        assertThat(passed(5)).isTrue();
        assertThat(passed(6)).isFalse();
    }

    @Test
    void firstRowsOfItHoldAWindowOpen() {
        row(5, true);
        row(6, true);
        after(14);
        assertThat(passed(5)).isFalse();
        row(5, true);
        after(14);
        assertThat(passed(5)).isFalse();
        after(1);
        assertThat(passed(5)).isTrue();
    }

    @Test
    void soDoThoseOfEarlierWindows() {
        row(5, true);
        row(10, true);
        row(60, true);
        after(14);
        row(5, true);
        after(14);
        assertThat(passed(5)).isFalse();
        after(1);
        assertThat(passed(10)).isTrue();
        assertThat(passed(60)).isFalse();
    }

    @Test
    void amendmentsHoldNothingUp() {
        row(5, true);
        row(6, true);
        after(14);
        row(5, false);
        after(1);
        assertThat(passed(5)).isTrue();
    }

    @Test
    void rowsOfWindowsThatAreCompleteHoldNothingUp() {
        row(5, true);
        row(6, true);
        after(15);
        assertThat(passed(5)).isTrue();
        row(3, true);
        row(11, true);
        after(0);
        assertThat(passed(6)).isTrue();
    }

    @Test
    void rowsOfTheNewestWindowDoNotHoldUpTheOneBefore() {
        row(5, true);
        after(20);
        row(6, true);
        row(6, true);
        after(0);
        assertThat(passed(5)).isTrue();
    }

    @Test
    void aSilentPartitionIsCompleteAndHoldsNobodyUp() {
        row(5, true);
        after(119);
        assertThat(idle).isFalse();
        assertThat(passed(5)).isFalse();
        after(1);
        assertThat(idle).isTrue();
        assertThat(passed(5)).isTrue();
        row(6, true);
        after(0);
        assertThat(idle).isFalse();
        assertThat(passed(6)).isFalse();
    }

    @Test
    void aPartitionWithoutRowsIsWaitedForBriefly() {
        after(29);
        assertThat(idle).isFalse();
        after(1);
        assertThat(idle).isTrue();
        assertThat(watermark).isEqualTo(Long.MIN_VALUE);
    }

    private void row(long endMinute, boolean first) {
        settled.onEvent(new MetricsUpdate(0, endMinute * MINUTE, first, null), 0, output);
    }

    private void after(long seconds) {
        nanos += seconds * 1_000_000_000;
        settled.onPeriodicEmit(output);
    }

    /** Whether the refresh at this minute may be made. */
    private boolean passed(long endMinute) {
        return watermark >= endMinute * MINUTE - 1;
    }
}
