package io.adstream.quality.hour;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.quality.input.AdWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollHoursTest {

    private static final long MINUTE = 60_000;
    private static final long NOON = 1_795_176_000_000L;
    private static final int MAX_PARALLELISM = 8;

    private KeyedOneInputStreamOperatorTestHarness<String, AdWindow, AdHour> hours;

    @BeforeEach
    void open() throws Exception {
        hours = open(null);
    }

    @AfterEach
    void close() throws Exception {
        hours.close();
    }

    @Test
    void anHourIsTheTwelveWindowsBeforeARefresh() throws Exception {
        for (int window = 1; window <= 14; window++) {
            row("ad-1", "shoes", window * 5, 100, 10, 1);
        }
        watermark(60);
        assertThat(refreshes()).hasSize(12).endsWith("ad-1 shoes @60 1200 120 12");
        watermark(70);
        assertThat(refreshes()).hasSize(14).endsWith("ad-1 shoes @70 1200 120 12");
    }

    @Test
    void refreshesGoOnWhereAnAdHasNoRowsUntilItIsForgotten() throws Exception {
        row("ad-1", "shoes", 5, 100, 10, 1);
        watermark(60);
        assertThat(refreshes()).endsWith("ad-1 shoes @60 100 10 1");
        watermark(65);
        assertThat(refreshes()).endsWith("ad-1 shoes @65 0 0 0");
        watermark(24 * 60);
        assertThat(refreshes()).hasSize(288).endsWith("ad-1 shoes @1440 0 0 0");
        watermark(24 * 60 + 5);
        assertThat(refreshes()).hasSize(289).endsWith("ad-1 shoes @1445 0 0 0 gone");
        assertThat(hours.numKeyedStateEntries()).isZero();
        assertThat(hours.numEventTimeTimers()).isZero();
        watermark(48 * 60);
        assertThat(refreshes()).hasSize(289);

        row("ad-1", "hats", 48 * 60 + 5, 7, 0, 0);
        watermark(48 * 60 + 5);
        assertThat(refreshes()).endsWith("ad-1 hats @2885 7 0 0");
    }

    @Test
    void anAmendmentStandsInForWhatItAmends() throws Exception {
        row("ad-1", "shoes", 5, 100, 10, 1);
        row("ad-1", "shoes", 5, 110, 11, 1);
        row("ad-1", "shoes", 5, 105, 10, 1); // overtaken
        watermark(5);
        assertThat(refreshes()).containsExactly("ad-1 shoes @5 110 11 1");
    }

    @Test
    void anAmendmentIsNotKnownBeforeItsTime() throws Exception {
        row("ad-1", "shoes", 5, 100, 10, 1);
        rowSince("ad-1", "hats", 5, 8, 120, 12, 1);
        watermark(5);
        assertThat(refreshes()).containsExactly("ad-1 shoes @5 100 10 1");
        watermark(10);
        assertThat(refreshes()).endsWith("ad-1 hats @10 120 12 1");
    }

    @Test
    void theCategoryIsThatOfTheNewestWindow() throws Exception {
        row("ad-1", "shoes", 5, 1, 0, 0);
        row("ad-1", "hats", 10, 1, 0, 0);
        rowSince("ad-1", "shoes", 5, 12, 5, 0, 0);
        row("ad-1", null, 20, 1, 0, 0);
        watermark(20);
        assertThat(refreshes())
                .containsExactly(
                        "ad-1 shoes @5 1 0 0",
                        "ad-1 hats @10 2 0 0",
                        "ad-1 hats @15 6 0 0",
                        "ad-1 unknown @20 7 0 0");
    }

    @Test
    void aRowBehindItsRefreshCountsFromTheNextOne() throws Exception {
        row("ad-1", "shoes", 5, 100, 10, 1);
        watermark(12);
        row("ad-2", "shoes", 5, 50, 5, 0);
        row("ad-1", "shoes", 10, 1, 1, 1);
        watermark(15);
        assertThat(refreshes())
                .containsExactlyInAnyOrder(
                        "ad-1 shoes @5 100 10 1",
                        "ad-1 shoes @10 100 10 1",
                        "ad-1 shoes @15 101 11 2",
                        "ad-2 shoes @15 50 5 0");
    }

    @Test
    void noRefreshIsMadeTwiceAfterARestart() throws Exception {
        row("ad-1", "shoes", 5, 100, 10, 1);
        watermark(10);
        OperatorSubtaskState state = hours.snapshot(1, 1);
        hours.close();
        hours = open(state);

        row("ad-2", "shoes", 5, 50, 5, 0);
        row("ad-1", "shoes", 10, 1, 1, 1);
        watermark(15);
        assertThat(refreshes())
                .containsExactlyInAnyOrder("ad-1 shoes @15 101 11 2", "ad-2 shoes @15 50 5 0");
    }

    @Test
    void theEndOfTheInputMakesNoRefreshesButThoseOfRows() throws Exception {
        row("ad-1", "shoes", 5, 100, 10, 1);
        row("ad-1", "shoes", 30, 100, 10, 1);
        watermark(5);
        hours.processWatermark(Watermark.MAX_WATERMARK);
        assertThat(refreshes())
                .containsExactly("ad-1 shoes @5 100 10 1", "ad-1 shoes @30 200 20 2");
        assertThat(hours.numEventTimeTimers()).isZero();
    }

    @Test
    void idlenessGoesNoFurther() throws Exception {
        hours.processWatermarkStatus(WatermarkStatus.IDLE);
        hours.processWatermarkStatus(WatermarkStatus.ACTIVE);

        assertThat(hours.getOutput()).isEmpty();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, AdWindow, AdHour> open(
            @Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new KeyedOneInputStreamOperatorTestHarness<String, AdWindow, AdHour>(
                        new RollHoursOperator(new RollHours(12, Duration.ofHours(24))),
                        AdWindow::adId,
                        Types.STRING,
                        MAX_PARALLELISM,
                        1,
                        0);
        harness.setup(
                TypeInformation.of(AdHour.class)
                        .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
        if (state != null) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, MAX_PARALLELISM, 1, 1, 0));
        }
        harness.open();
        return harness;
    }

    private void row(
            String ad, @Nullable String category, int end, long shown, long clicked, long converted)
            throws Exception {
        rowSince(ad, category, end, end, shown, clicked, converted);
    }

    private void rowSince(
            String ad,
            @Nullable String category,
            int end,
            int since,
            long shown,
            long clicked,
            long converted)
            throws Exception {
        hours.processElement(
                new StreamRecord<>(
                        new AdWindow(
                                ad,
                                category,
                                NOON + end * MINUTE - AdWindow.MILLIS,
                                shown,
                                clicked,
                                converted),
                        NOON + since * MINUTE - 1));
    }

    private void watermark(int minute) throws Exception {
        hours.processWatermark(NOON + minute * MINUTE - 1);
    }

    private List<String> refreshes() {
        List<String> refreshes = new ArrayList<>();
        for (Object element : hours.getOutput()) {
            if (element instanceof StreamRecord<?> record
                    && record.getValue() instanceof AdHour hour) {
                assertThat(record.getTimestamp()).isEqualTo(hour.at() - 1);
                refreshes.add(
                        "%s %s @%d %d %d %d%s"
                                .formatted(
                                        hour.adId(),
                                        hour.pool(),
                                        (hour.at() - NOON) / MINUTE,
                                        hour.impressions(),
                                        hour.clicks(),
                                        hour.conversions(),
                                        hour.gone() ? " gone" : ""));
            }
        }
        return refreshes;
    }
}
