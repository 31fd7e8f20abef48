package io.adstream.attribution.hour;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RollHoursTest {

    private static final long NOON = 1_795_176_000_000L;
    private static final long MINUTE = AdDelta.MINUTE;

    private KeyedTwoInputStreamOperatorTestHarness<String, AdDelta, String, AdHour> hours;

    @BeforeEach
    void open() throws Exception {
        hours =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new RollHours(), AdDelta::adId, null, Types.STRING);
        hours.setup(
                TypeInformation.of(AdHour.class)
                        .createSerializer(hours.getExecutionConfig().getSerializerConfig()));
        hours.open();
    }

    @AfterEach
    void close() throws Exception {
        hours.close();
    }

    @Test
    void isWrittenWhenAMinuteEnds() throws Exception {
        add("ad-1", NOON, 4, 1, 10_000_000);
        watermark(NOON + MINUTE - 2);
        assertThat(rows()).isEmpty();
        watermark(NOON + MINUTE - 1);

        assertThat(rows()).containsExactly("ad-1 @1 clicks 4 conversions 1 value 10000000");
    }

    @Test
    void holdsSixtyMinutes() throws Exception {
        add("ad-1", NOON, 1, 0, 0);
        add("ad-1", NOON + 59 * MINUTE, 2, 1, 5);
        watermark(NOON + 60 * MINUTE - 1);
        assertThat(rows()).last().isEqualTo("ad-1 @60 clicks 3 conversions 1 value 5");
        watermark(NOON + 61 * MINUTE - 1);

        assertThat(rows()).containsExactly("ad-1 @61 clicks 2 conversions 1 value 5");
    }

    @Test
    void anAdWithNothingLeftIsRemovedOnceAndForgotten() throws Exception {
        add("ad-1", NOON, 1, 0, 0);
        for (int minute = 1; minute <= 60; minute++) {
            watermark(NOON + minute * MINUTE - 1);
            assertThat(rows())
                    .containsExactly("ad-1 @" + minute + " clicks 1 conversions 0 value 0");
        }
        watermark(NOON + 61 * MINUTE - 1);

        assertThat(rows()).containsExactly("ad-1 @61 removed");
        assertThat(hours.numKeyedStateEntries()).isZero();
        assertThat(hours.numEventTimeTimers()).isZero();
    }

    @Test
    void ofMinutesThatEndTogetherTheNewestIsWritten() throws Exception {
        add("ad-1", NOON, 1, 0, 0);
        add("ad-1", NOON + 30 * MINUTE, 2, 0, 0);
        add("ad-1", NOON + 80 * MINUTE, 4, 0, 0);
        add("ad-1", NOON + 90 * MINUTE, 8, 0, 0);
        add("ad-2", NOON + 5 * MINUTE, 1, 0, 0);
        watermark(NOON + 85 * MINUTE);
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        "ad-1 @85 clicks 6 conversions 0 value 0", "ad-2 @85 removed");
        watermark(NOON + 91 * MINUTE - 1);
        assertThat(rows()).containsExactly("ad-1 @91 clicks 12 conversions 0 value 0");
        watermark(NOON + 500 * MINUTE);

        assertThat(rows()).containsExactly("ad-1 @500 removed");
        assertThat(hours.numKeyedStateEntries()).isZero();
        assertThat(hours.numEventTimeTimers()).isZero();
    }

    @Test
    void minutesThatEndTooFastAreWrittenTogether() throws Exception {
        add("ad-1", NOON, 1, 0, 0);
        add("ad-1", NOON + 3 * MINUTE, 2, 0, 0);
        watermark(NOON + MINUTE);
        assertThat(rows()).containsExactly("ad-1 @1 clicks 1 conversions 0 value 0");
        for (int minute = 2; minute <= 10; minute++) {
            hours.processWatermark1(new Watermark(NOON + minute * MINUTE));
        }
        assertThat(hours.getOutput()).isEmpty();
        hours.setProcessingTime(hours.getProcessingTime() + RollHours.PACE);

        assertThat(hours.getOutput()).last().isEqualTo(new Watermark(NOON + 10 * MINUTE));
        hours.getOutput().removeIf(Watermark.class::isInstance);
        assertThat(rows()).containsExactly("ad-1 @10 clicks 3 conversions 0 value 0");
    }

    @Test
    void timeWithinAMinuteIsPassedOnAtOnce() throws Exception {
        watermark(NOON);
        hours.processWatermark1(new Watermark(NOON + 1));
        hours.processWatermark1(new Watermark(NOON + MINUTE - 2));

        assertThat(hours.getOutput())
                .containsExactly(
                        new Watermark(NOON),
                        new Watermark(NOON + 1),
                        new Watermark(NOON + MINUTE - 2));
    }

    @Test
    void anInputThatEndsWaitsForNothing() throws Exception {
        add("ad-1", NOON, 1, 0, 0);
        add("ad-1", NOON + 3 * MINUTE, 2, 0, 0);
        watermark(NOON + MINUTE);
        rows();
        hours.processWatermark1(new Watermark(NOON + 2 * MINUTE));
        hours.processWatermark1(Watermark.MAX_WATERMARK);

        hours.getOutput().removeIf(Watermark.class::isInstance);
        assertThat(rows()).last().isEqualTo("ad-1 @4 clicks 3 conversions 0 value 0");
    }

    @Test
    void cvrIsAPercentage() {
        assertThat(new AdHour("ad", NOON, 3, 2, 0, 0).cvr()).isEqualTo(66_666_667);
        assertThat(new AdHour("ad", NOON, 0, 2, 0, 0).cvr()).isZero();
    }

    @Test
    void everythingIsServedAgainWhereAnotherRedisAnswers() throws Exception {
        redis("first");
        add("ad-1", NOON, 1, 0, 0);
        add("ad-2", NOON, 2, 0, 0);
        add("ad-3", NOON + 5 * MINUTE, 3, 0, 0); // of a minute that is not over
        watermark(NOON + 2 * MINUTE);
        rows();

        redis("first");
        assertThat(rows()).isEmpty();
        redis("second");
        assertThat(rows())
                .containsExactlyInAnyOrder(
                        "ad-1 @2 clicks 1 conversions 0 value 0",
                        "ad-2 @2 clicks 2 conversions 0 value 0");
    }

    @Test
    void theWholeHourIsServedAgain() throws Exception {
        add("ad-1", NOON, 1, 0, 0);
        add("ad-1", NOON + 59 * MINUTE, 2, 0, 0);
        watermark(NOON + 60 * MINUTE);
        rows();

        redis("first");
        assertThat(rows()).containsExactly("ad-1 @60 clicks 3 conversions 0 value 0");
    }

    @Test
    void aRestoredJobServesAnotherRedisOnceItKnowsTheTime() throws Exception {
        redis("first");
        add("ad-1", NOON, 1, 0, 0);
        watermark(NOON + 2 * MINUTE);
        rows();
        var snapshot = hours.snapshot(1, 1);
        hours.close();
        hours =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new RollHours(), AdDelta::adId, null, Types.STRING);
        hours.initializeState(snapshot);
        hours.open();

        redis("first");
        redis("second");
        assertThat(rows()).isEmpty();
        watermark(NOON + 2 * MINUTE + 1);
        assertThat(rows()).containsExactly("ad-1 @2 clicks 1 conversions 0 value 0");
    }

    @Test
    void aRestoredJobKnowsTheRedisThatItHasServed() throws Exception {
        redis("first");
        add("ad-1", NOON, 1, 0, 0);
        watermark(NOON + 2 * MINUTE);
        rows();
        var snapshot = hours.snapshot(1, 1);
        hours.close();
        hours =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new RollHours(), AdDelta::adId, null, Types.STRING);
        hours.initializeState(snapshot);
        hours.open();
        watermark(NOON + 2 * MINUTE + 1);

        redis("first");
        assertThat(rows()).isEmpty();
    }

    @Test
    void isWhatALookAtEveryDeltaSays() throws Exception {
        long seed = 31;
        Random random = new Random(seed);
        List<AdDelta> deltas = new ArrayList<>();
        for (int minute = 0; minute < 300; minute++) {
            for (int i = 0; i < 5; i++) {
                AdDelta delta =
                        new AdDelta(
                                "ad-" + random.nextInt(20),
                                NOON + (minute + random.nextInt(3)) * MINUTE,
                                random.nextInt(4),
                                random.nextInt(2),
                                random.nextInt(100));
                deltas.add(delta);
                hours.processElement1(new StreamRecord<>(delta));
            }
            long end = NOON + (minute + 1) * MINUTE;
            watermark(end - 1);
            List<String> expected = new ArrayList<>();
            for (int ad = 0; ad < 20; ad++) {
                String adId = "ad-" + ad;
                long clicks = 0;
                long conversions = 0;
                long value = 0;
                for (AdDelta each : deltas) {
                    if (each.adId().equals(adId)
                            && each.minute() < end
                            && each.minute() >= end - 60 * MINUTE) {
                        clicks += each.clicks();
                        conversions += each.conversions();
                        value += each.value();
                    }
                }
                if (clicks > 0 || conversions > 0) {
                    expected.add(row(new AdHour(adId, end, clicks, conversions, value, 0)));
                }
            }
            assertThat(rows().stream().filter(row -> !row.endsWith("removed")))
                    .as("seed %s minute %s", seed, minute)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private void add(String ad, long minute, long clicks, long conversions, long value)
            throws Exception {
        hours.processElement1(
                new StreamRecord<>(new AdDelta(ad, minute, clicks, conversions, value)));
    }

    private void redis(String identity) throws Exception {
        hours.processElement2(new StreamRecord<>(identity));
    }

    /** A watermark that comes long after the one before. */
    private void watermark(long time) throws Exception {
        hours.setProcessingTime(hours.getProcessingTime() + RollHours.PACE);
        hours.processWatermark1(new Watermark(time));
    }

    private List<String> rows() {
        List<String> rows = hours.extractOutputValues().stream().map(RollHoursTest::row).toList();
        hours.getOutput().clear();
        return rows;
    }

    private static String row(AdHour hour) {
        String at = hour.adId() + " @" + (hour.end() - NOON) / MINUTE;
        return hour.isEmpty()
                ? at + " removed"
                : at
                        + " clicks "
                        + hour.clicks()
                        + " conversions "
                        + hour.conversions()
                        + " value "
                        + hour.value();
    }
}
