package io.adstream.quality.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adstream.quality.hour.AdHour;
import io.adstream.quality.pool.PooledHour;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScoreAdsTest {

    private static final long MINUTE = 60_000;
    private static final long NOON = 1_795_176_000_000L;
    private static final OutputTag<Penalized> PENALIZED =
            new OutputTag<>("penalized", TypeInformation.of(Penalized.class));
    private static final OutputTag<Departure> DEPARTURES =
            new OutputTag<>("departures", TypeInformation.of(Departure.class));

    private KeyedTwoInputStreamOperatorTestHarness<String, PooledHour, Penalty, Scored> ads;

    @BeforeEach
    void open() throws Exception {
        ads =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new KeyedCoProcessOperator<>(
                                new ScoreAds(
                                        new ScoreFormula(
                                                new ScoreParameters(
                                                        200, 20, 5.5, 2.25, 1.125, 0.3, 1, 10,
                                                        0.5)),
                                        PENALIZED,
                                        DEPARTURES)),
                        hour -> hour.hour().adId(),
                        Penalty::adId,
                        Types.STRING);
        ads.setup(
                TypeInformation.of(Scored.class)
                        .createSerializer(ads.getExecutionConfig().getSerializerConfig()));
        ads.open();
        ads.processWatermarkStatus2(WatermarkStatus.IDLE); // penalties have no time
    }

    @AfterEach
    void close() throws Exception {
        ads.close();
    }

    @Test
    void theFirstScoreIsPublishedHoweverNearItIs() throws Exception {
        Scored first = neutral(5);

        assertThat(first.score()).isEqualTo(5.5);
        assertThat(first.publication()).isNotNull();
        assertThat(first.publication().revision()).isEqualTo(1);
        assertThat(neutral(10).publication()).isNull();
    }

    @Test
    void othersArePublishedWhenTheyHaveMovedByAHalfSinceThen() throws Exception {
        double published = neutral(5).score();
        int revision = 1;
        for (int refresh = 2; refresh <= 12; refresh++) {
            Scored next = refresh(refresh * 5, 20_000, 0); // raw is 1
            boolean moved = Math.abs(next.score() - published) >= 0.5;
            assertThat(next.publication() != null).as("refresh %d", refresh).isEqualTo(moved);
            if (moved) {
                published = next.score();
                assertThat(next.publication().revision()).isEqualTo(++revision);
            }
        }
        assertThat(revision).isBetween(4, 8);
    }

    @Test
    void aPenaltyCountsAtOnceAndNotInTheBaseScore() throws Exception {
        neutral(5);
        penalty("alert-1", 1.5, 40);

        Penalized penalized = penalized();
        assertThat(penalized.before()).isEqualTo(5.5);
        Score score = penalized.publication();
        assertThat(score.score()).isEqualTo(4);
        assertThat(score.refresh().base()).isEqualTo(5.5);
        assertThat(score.penalty()).isEqualTo(1.5);
        assertThat(score.revision()).isEqualTo(2);
        assertThat(score.refresh().at()).isEqualTo(NOON + 5 * MINUTE);

        Scored next = neutral(10);
        assertThat(next.score()).isEqualTo(4);
        assertThat(next.publication()).isNull();
    }

    @Test
    void aPenaltyIsOverAtTheFirstRefreshAtItsExpiry() throws Exception {
        neutral(5);
        penalty("alert-1", 1.5, 15);
        assertThat(neutral(10).score()).isEqualTo(4);
        Scored free = neutral(15);
        assertThat(free.score()).isEqualTo(5.5);
        assertThat(free.publication()).isNotNull();
        assertThat(free.publication().penalty()).isZero();
        assertThat(free.publication().revision()).isEqualTo(3);
    }

    @Test
    void penaltiesAddUpAndALaterOneOfAnAlertReplacesTheEarlier() throws Exception {
        neutral(5);
        penalty("alert-1", 1, 40);
        penalty("alert-2", 0.5, 40);
        assertThat(penalized().publication().score()).isEqualTo(4);
        penalty("alert-1", 2, 60);
        assertThat(penalized().publication().score()).isEqualTo(3);
        penalty("alert-2", 20, 40);
        assertThat(penalized().publication().score()).isEqualTo(1);
        assertThat(neutral(40).score()).isEqualTo(3.5);
    }

    @Test
    void aPenaltyThatIsOverChangesNothing() throws Exception {
        neutral(20);
        penalty("alert-1", 1, 20);
        assertThat(ads.getSideOutput(PENALIZED)).isNull();

        penalty("alert-1", 1, 40);
        penalty("alert-1", 1, 20); // taken back
        assertThat(penalized().publication().score()).isEqualTo(5.5);
    }

    @Test
    void aPenaltyBeforeTheFirstScoreCountsFromThereOn() throws Exception {
        penalty("alert-1", 1.5, 40);
        assertThat(ads.getSideOutput(PENALIZED)).isNull();

        Scored first = neutral(5);
        assertThat(first.score()).isEqualTo(4);
        assertThat(first.publication()).isNotNull();
    }

    @Test
    void penaltiesOfAnAdThatNeverComesAreForgotten() throws Exception {
        penalty("alert-1", 1.5, 40);
        penalty("alert-2", 1.5, 60);
        watermark(40);
        assertThat(ads.numKeyedStateEntries()).isEqualTo(1);
        watermark(60);
        assertThat(ads.numKeyedStateEntries()).isZero();
        assertThat(ads.numEventTimeTimers()).isZero();
    }

    @Test
    void aScoreOutlivesTheTimersOfItsFirstPenalties() throws Exception {
        penalty("alert-1", 1.5, 40);
        neutral(5);
        watermark(60);
        assertThat(neutral(65).publication()).isNotNull();
        assertThat(neutral(70).publication()).isNull();
    }

    @Test
    void anAdThatMovesTakesItsScoreAlong() throws Exception {
        refresh(5, 20_000, 0);
        double before = refresh(10, 20_000, 0).score();
        PooledHour moved =
                new PooledHour(
                        new AdHour("ad", "hats", NOON + 15 * MINUTE, 0, 0, 0, false), 500, 5, 1);
        Scored next = refresh(moved);

        assertThat(next.category()).isEqualTo("hats");
        assertThat(next.score()).isCloseTo(0.3 * 5.5 + 0.7 * before, within(1e-12));
    }

    /** As from the subtasks of two categories. */
    @Test
    void hoursCountInTheOrderOfTime() throws Exception {
        ads.processElement1(hour("hats", 10), NOON + 10 * MINUTE - 1);
        ads.processElement1(hour("shoes", 5), NOON + 5 * MINUTE - 1);
        assertThat(ads.extractOutputValues()).isEmpty();
        watermark(15);

        List<Scored> scored = ads.extractOutputValues();
        assertThat(scored).extracting(Scored::category).containsExactly("shoes", "hats");
        assertThat(scored.get(1).score())
                .isCloseTo(0.3 * raw(scored.get(0)) + 0.7 * scored.get(0).score(), within(1e-12));
        assertThat(ads.numKeyedStateEntries()).as("the score").isEqualTo(1);
        assertThat(ads.numEventTimeTimers()).isZero();
    }

    private static double raw(Scored scored) {
        assertThat(scored.publication()).isNotNull();
        return scored.publication().refresh().raw();
    }

    private static PooledHour hour(String category, int minute) {
        return new PooledHour(
                new AdHour("ad", category, NOON + minute * MINUTE, 1000, 40, 0, false),
                100_000,
                1000,
                100);
    }

    @Test
    void nothingIsLeftOfAnAdThatHasGone() throws Exception {
        neutral(5);
        penalty("alert-1", 1, 6000);
        refresh(gone(1450));
        assertThat(ads.numKeyedStateEntries()).isZero();
        assertThat(ads.getSideOutput(DEPARTURES))
                .extracting(StreamRecord::getValue)
                .containsExactly(new Departure("ad", NOON + 1450 * MINUTE));

        refresh(gone(1455));
        assertThat(ads.getSideOutput(DEPARTURES)).hasSize(1);
        assertThat(neutral(2000).publication().revision()).isEqualTo(1);
    }

    private static PooledHour gone(int minute) {
        return new PooledHour(
                new AdHour("ad", "shoes", NOON + minute * MINUTE, 0, 0, 0, true), 0, 0, 0);
    }

    /** A refresh at which the ad does as its category does. */
    private Scored neutral(int minute) throws Exception {
        return refresh(minute, 0, 0);
    }

    /** A refresh in a category with a CTR of 1 % and a CVR of 10 %. */
    private Scored refresh(int minute, long impressions, long clicks) throws Exception {
        return refresh(
                new PooledHour(
                        new AdHour(
                                "ad",
                                "shoes",
                                NOON + minute * MINUTE,
                                impressions,
                                clicks,
                                0,
                                false),
                        100_000,
                        1000,
                        100));
    }

    private Scored refresh(PooledHour hour) throws Exception {
        ads.processElement1(new StreamRecord<>(hour, hour.hour().at() - 1));
        ads.processWatermark1(new Watermark(hour.hour().at() - 1));
        List<Scored> records = ads.extractOutputValues();
        return records.isEmpty() ? new Scored("", 0, null) : records.get(records.size() - 1);
    }

    private void penalty(String alert, double points, int untilMinute) throws Exception {
        ads.processElement2(
                new StreamRecord<>(new Penalty("ad", points, alert, NOON + untilMinute * MINUTE)));
    }

    private Penalized penalized() {
        Penalized last = null;
        for (StreamRecord<Penalized> record : ads.getSideOutput(PENALIZED)) {
            last = record.getValue();
        }
        assertThat(last).isNotNull();
        return last;
    }

    private void watermark(int minute) throws Exception {
        ads.processWatermark1(new Watermark(NOON + minute * MINUTE));
    }
}
