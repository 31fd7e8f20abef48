package io.adstream.quality.rank;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.quality.Scores;
import io.adstream.quality.score.Penalized;
import io.adstream.quality.score.Score;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RankPenalizedTest {

    private static final long MINUTE = 60_000;

    private KeyedTwoInputStreamOperatorTestHarness<String, Standings, Penalized, Score> ranks;

    @BeforeEach
    void open() throws Exception {
        ranks =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new KeyedCoProcessOperator<>(new RankPenalized()),
                        Standings::category,
                        Penalized::category,
                        Types.STRING);
        ranks.open();
    }

    @AfterEach
    void close() throws Exception {
        ranks.close();
    }

    @Test
    void eachPenaltySeesTheOnesBeforeIt() throws Exception {
        standings(5, 9, 8, 7, 6);
        penalized("ad-9", 5, 9, 6.5);
        penalized("ad-8", 5, 8, 6.6);

        assertThat(places()).containsExactly("ad-9 3/4", "ad-8 2/4");
    }

    @Test
    void waitsForTheScoresOfItsRefresh() throws Exception {
        standings(5, 9, 8);
        penalized("ad-7", 10, 7, 4);
        assertThat(places()).isEmpty();

        standings(10, 7, 6, 5);
        assertThat(places()).containsExactly("ad-7 3/3");
        standings(15, 7, 6, 5);
        assertThat(places()).hasSize(1);
    }

    @Test
    void whatCameTooEarlyForTheFirstScoresOfACategoryWaitsToo() throws Exception {
        penalized("ad-7", 10, 7, 6.5);
        standings(10, 7, 6, 8);

        assertThat(places()).containsExactly("ad-7 2/3");
    }

    @Test
    void theScoresOfALaterRefreshKnowOfThePenaltyAlready() throws Exception {
        standings(10, 9, 9, 8);
        penalized("ad-9", 5, 9, 7);
        penalized("ad-9", 10, 9, 8.5);

        assertThat(places()).containsExactly("ad-9 3/3", "ad-9 2/3");
    }

    @Test
    void aCategoryWithoutAdsIsForgotten() throws Exception {
        standings(5, 9, 8);
        watermark(10);
        standings(10, 9, 8);
        watermark(15);
        penalized("ad-9", 10, 9, 7);
        assertThat(places()).containsExactly("ad-9 2/2");
        watermark(20);
        assertThat(ranks.numKeyedStateEntries()).isZero();
        assertThat(ranks.numEventTimeTimers()).isZero();
    }

    private void standings(int minute, double... scores) throws Exception {
        ranks.processElement1(
                new StreamRecord<>(
                        Standings.of("shoes", Scores.NOON + minute * MINUTE, scores.clone())));
    }

    private void penalized(String ad, int minute, double before, double after) throws Exception {
        ranks.processElement2(
                new StreamRecord<>(new Penalized(before, Scores.score(ad, minute, after, 2))));
    }

    private void watermark(int minute) throws Exception {
        ranks.processWatermark1(new Watermark(Scores.NOON + minute * MINUTE));
        ranks.processWatermark2(new Watermark(Scores.NOON + minute * MINUTE));
    }

    private List<String> places() {
        return ranks.extractOutputValues().stream()
                .map(score -> score.adId() + " " + score.rank() + "/" + score.size())
                .toList();
    }
}
