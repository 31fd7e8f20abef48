package io.adstream.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.RejectCode;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.clock.ManualClock;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

/** Event time of one partition. */
class EventWatermarksTest {

    private static final Duration DISORDER = Duration.ofSeconds(10);
    private static final Duration DRIFT = Duration.ofMinutes(5);
    private static final Duration IDLENESS = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();
    private final Recorded output = new Recorded();
    private final WatermarkGenerator<InputEvent> partition =
            EventWatermarks.strategy(DISORDER, IDLENESS, DRIFT)
                    .createWatermarkGenerator(
                            new WatermarkGeneratorSupplier.Context() {
                                @Override
                                public MetricGroup getMetricGroup() {
                                    return new UnregisteredMetricsGroup();
                                }

                                @Override
                                public RelativeClock getInputActivityClock() {
                                    return clock;
                                }
                            });

    private static final class Recorded implements WatermarkOutput {
        long watermark = Long.MIN_VALUE;
        boolean idle;

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
    }

    @Test
    void timeIsTheNewestEventLessTheDisorder() {
        valid(100_000);
        valid(40_000);
        assertThat(watermark()).isEqualTo(89_999);
    }

    /** A wrong clock must close no windows. */
    @Test
    void aRejectedRecordMovesNoTime() {
        valid(100_000);
        rejected(RejectCode.FUTURE_EVENT_TIME);
        assertThat(watermark()).isEqualTo(89_999);
    }

    @Test
    void aSilentPartitionBecomesIdleAndComesBack() {
        valid(100_000);
        for (int second = 0; second < 40; second++) {
            watermark();
            assertThat(output.idle).isEqualTo(second > 31);
            clock.advanceTime(Duration.ofSeconds(1));
        }

        valid(200_000);
        assertThat(watermark()).isEqualTo(189_999);
        assertThat(output.idle).isFalse();
    }

    @Test
    void aPartitionOfGarbageIsAsSilentAsAnEmptyOne() {
        valid(100_000);
        watermark();
        for (int second = 0; second < 40; second++) {
            clock.advanceTime(Duration.ofSeconds(1));
            rejected(RejectCode.MALFORMED);
            watermark();
        }
        assertThat(output.idle).isTrue();
    }

    @Test
    void aRecordHasItsEventTime() {
        var assigner =
                EventWatermarks.strategy(DISORDER, IDLENESS, DRIFT)
                        .createTimestampAssigner(
                                (TimestampAssignerSupplier.Context) UnregisteredMetricsGroup::new);
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        event.eventTime = 5;
        assertThat(assigner.extractTimestamp(event, 7)).isEqualTo(5);
        event.rejected = RejectCode.MALFORMED;
        assertThat(assigner.extractTimestamp(event, 7)).isEqualTo(7);
    }

    private void valid(long eventTime) {
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        event.eventTime = eventTime;
        partition.onEvent(event, eventTime, output);
    }

    private void rejected(RejectCode code) {
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        event.eventTime = Long.MAX_VALUE;
        event.rejected = code;
        partition.onEvent(event, 1_000_000_000, output);
    }

    private long watermark() {
        partition.onPeriodicEmit(output);
        return output.watermark;
    }
}
