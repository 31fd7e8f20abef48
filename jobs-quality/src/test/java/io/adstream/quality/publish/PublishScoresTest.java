package io.adstream.quality.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.quality.Scores;
import io.adstream.quality.score.Departure;
import io.adstream.quality.score.Score;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishScoresTest {

    private static final long MINUTE = 60_000;
    private static final int MAX_PARALLELISM = 8;

    private KeyedTwoInputStreamOperatorTestHarness<String, Publication, String, Publication> scores;

    @BeforeEach
    void open() throws Exception {
        scores = open(null);
    }

    @AfterEach
    void close() throws Exception {
        scores.close();
    }

    @Test
    void scoresGoOutInOrderWhenTimeHasReachedTheirRefresh() throws Exception {
        publish(Scores.score("ad-1", 10, 4, 3));
        publish(Scores.score("ad-1", 10, 5, 2));
        publish(Scores.score("ad-1", 5, 6, 1));
        assertThat(publications()).isEmpty();
        time(5);
        assertThat(publications()).containsExactly("PUBLISHED ad-1 1");
        time(10);
        assertThat(publications())
                .containsExactly("PUBLISHED ad-1 1", "PUBLISHED ad-1 2", "PUBLISHED ad-1 3");
        assertThat(scores.numKeyedStateEntries()).as("the latest").isEqualTo(1);
        assertThat(scores.numEventTimeTimers()).isZero();
    }

    @Test
    void aPenaltyWaitsForNothingAlsoAfterARestart() throws Exception {
        publish(Scores.score("ad-1", 5, 6, 1));
        time(5);
        publish(Scores.score("ad-1", 5, 4, 2));
        assertThat(publications()).containsExactly("PUBLISHED ad-1 1", "PUBLISHED ad-1 2");

        restart();
        publish(Scores.score("ad-1", 5, 3, 3));
        assertThat(publications()).containsExactly("PUBLISHED ad-1 3");
    }

    @Test
    void aScoreThatIsOvertakenGoesToKafkaAlone() throws Exception {
        time(15);
        publish(Scores.score("ad-1", 5, 6, 1));
        publish(Scores.score("ad-1", 10, 4, 3));
        publish(Scores.score("ad-1", 10, 5, 2));
        publish(Scores.score("ad-1", 15, 3, 4));

        assertThat(publications())
                .containsExactly(
                        "PUBLISHED ad-1 1",
                        "PUBLISHED ad-1 3",
                        "OVERTAKEN ad-1 2",
                        "PUBLISHED ad-1 4");
    }

    @Test
    void anotherRedisIsGivenTheLatestOfEachAd() throws Exception {
        redis("run-1");
        publish(Scores.score("ad-1", 5, 6, 1));
        publish(Scores.score("ad-1", 10, 5, 2));
        publish(Scores.score("ad-2", 5, 6, 1));
        time(10);
        redis("run-1");
        assertThat(publications()).hasSize(3);
        redis("run-2");
        assertThat(publications().subList(3, 5))
                .containsExactlyInAnyOrder("SERVED_AGAIN ad-1 2", "SERVED_AGAIN ad-2 1");
    }

    @Test
    void soIsOneThatWasChangedWhileTheJobWasAway() throws Exception {
        redis("run-1");
        publish(Scores.score("ad-1", 5, 6, 1));
        time(5);
        restart();

        redis("run-1");
        assertThat(publications()).isEmpty();
        redis("run-2");
        assertThat(publications()).containsExactly("SERVED_AGAIN ad-1 1");
    }

    @Test
    void anAdThatHasGoneIsForgotten() throws Exception {
        publish(Scores.score("ad-1", 5, 6, 9));
        depart("ad-1", 10);
        time(10);
        assertThat(publications()).containsExactly("PUBLISHED ad-1 9", "GONE ad-1 -");
        assertNothingIsKept();
        redis("run-1");
        assertThat(publications()).hasSize(2);
        publish(Scores.score("ad-1", 500, 6, 1));
        time(500);
        assertThat(publications()).endsWith("PUBLISHED ad-1 1");
    }

    @Test
    void aScoreFromBeforeADepartureThatComesBehindItGoesWithIt() throws Exception {
        publish(Scores.score("ad-1", 5, 6, 9));
        depart("ad-1", 10);
        publish(Scores.score("ad-1", 5, 4, 10));
        time(10);
        assertThat(publications())
                .containsExactly("PUBLISHED ad-1 9", "PUBLISHED ad-1 10", "GONE ad-1 -");
        assertNothingIsKept();
    }

    @Test
    void aDepartureWaitsThroughARestart() throws Exception {
        publish(Scores.score("ad-1", 5, 6, 9));
        time(5);
        depart("ad-1", 10);
        restart();
        time(10);
        assertThat(publications()).containsExactly("GONE ad-1 -");
        assertNothingIsKept();
    }

    @Test
    void anAdThatIsBackAfterItsDepartureStays() throws Exception {
        publish(Scores.score("ad-1", 5, 6, 9));
        depart("ad-1", 10);
        publish(Scores.score("ad-1", 500, 6, 1));
        time(500);
        assertThat(publications())
                .containsExactly("PUBLISHED ad-1 9", "GONE ad-1 -", "PUBLISHED ad-1 1");
        depart("ad-1", 15);
        assertThat(publications()).hasSize(3);
        assertThat(scores.numKeyedStateEntries()).isEqualTo(1);
        assertThat(scores.numEventTimeTimers()).isZero();
    }

    private void assertNothingIsKept() {
        assertThat(scores.numKeyedStateEntries()).isZero();
        assertThat(scores.numEventTimeTimers()).isZero();
    }

    private void restart() throws Exception {
        OperatorSubtaskState state = scores.snapshot(1, 1);
        scores.close();
        scores = open(state);
    }

    /** Every subtask has made the refresh of a minute. */
    private void time(int minute) throws Exception {
        scores.processWatermark1(new Watermark(Scores.NOON + minute * MINUTE - 1));
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, Publication, String, Publication>
            open(@Nullable OperatorSubtaskState state) throws Exception {
        var harness =
                new KeyedTwoInputStreamOperatorTestHarness<
                        String, Publication, String, Publication>(
                        new PublishScores(),
                        Publication::adId,
                        null,
                        Types.STRING,
                        MAX_PARALLELISM,
                        1,
                        0);
        if (state != null) {
            harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            state, MAX_PARALLELISM, 1, 1, 0));
        }
        harness.open();
        return harness;
    }

    private void publish(Score score) throws Exception {
        scores.processElement1(new StreamRecord<>(Publication.of(score)));
    }

    private void depart(String ad, int minute) throws Exception {
        scores.processElement1(
                new StreamRecord<>(
                        Publication.of(new Departure(ad, Scores.NOON + minute * MINUTE))));
    }

    private void redis(String identity) throws Exception {
        scores.processElement2(new StreamRecord<>(identity));
    }

    private List<String> publications() {
        return scores.extractOutputValues().stream()
                .map(
                        publication ->
                                publication.kind()
                                        + " "
                                        + publication.adId()
                                        + " "
                                        + (publication.score() == null
                                                ? "-"
                                                : publication.score().revision()))
                .toList();
    }
}
