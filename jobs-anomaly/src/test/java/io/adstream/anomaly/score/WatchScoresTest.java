package io.adstream.anomaly.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.anomaly.Harness;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.common.alert.Alert;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchScoresTest {

    private static final long START = 1_795_168_800_000L;
    private static final long MINUTE = 60_000;

    private Harness<ScoreUpdate, Step> subtask;

    @BeforeEach
    void start() throws Exception {
        subtask =
                Harness.start(
                        new WatchScores(
                                Duration.ofDays(3),
                                new OutputTag<>("penalties", TypeInformation.of(Penalty.class))),
                        ScoreUpdate::adId,
                        Step.class,
                        List.of(RuleStates.RULES),
                        null);
    }

    @AfterEach
    void stop() throws Exception {
        subtask.close();
    }

    @Test
    void exactlyTwoPointsAlertAndALittleLessDoesNot() throws Exception {
        score("ad-1", 8.4, START);
        score("ad-1", 6.4, START + 30 * MINUTE);
        score("ad-2", 8.4, START);
        score("ad-2", 6.41, START + 30 * MINUTE);
        List<Step> steps = subtask.taken();
        assertThat(steps).hasSize(1);
        Alert alert = steps.get(0).alert();
        assertThat(alert.entityId()).isEqualTo("ad-1");
        assertThat(alert.observed()).isEqualTo(6.4);
        assertThat(alert.usual()).isEqualTo(8.4);
    }

    @Test
    void theScoreInForceWhenTheHourBeganCounts() throws Exception {
        score("ad-1", 9, START);
        subtask.watermark(START + 600 * MINUTE);
        score("ad-1", 6.9, START + 600 * MINUTE);
        assertThat(subtask.taken()).hasSize(1);
    }

    @Test
    void whatWasReplacedBeforeTheHourDoesNotCount() throws Exception {
        score("ad-1", 9, START);
        score("ad-1", 7.5, START + 10 * MINUTE);
        score("ad-1", 6.9, START + 75 * MINUTE);
        assertThat(subtask.taken()).isEmpty();
    }

    @Test
    void isResolvedByTimeAlone() throws Exception {
        score("ad-1", 9, START);
        score("ad-1", 6, START + 10 * MINUTE);
        assertThat(subtask.taken()).hasSize(1);
        subtask.watermark(START + 69 * MINUTE);
        assertThat(subtask.taken()).isEmpty();
        subtask.watermark(START + 71 * MINUTE);
        assertThat(subtask.taken())
                .singleElement()
                .satisfies(s -> assertThat(s.alert().status()).isEqualTo(Alert.Status.RESOLVED));
        subtask.watermark(START + Duration.ofDays(4).toMillis());
        assertThat(subtask.stateEntries("scores", "incident")).isZero();
        assertThat(subtask.timers()).isZero();
    }

    @Test
    void isResolvedWhenTheScoreIsBack() throws Exception {
        score("ad-1", 9, START);
        score("ad-1", 6, START + 10 * MINUTE);
        score("ad-1", 8.5, START + 20 * MINUTE);
        assertThat(subtask.taken())
                .extracting(step -> step.alert().status())
                .containsExactly(Alert.Status.OPEN, Alert.Status.RESOLVED);
    }

    /** The drop within an hour, against a look at every score there was. */
    @Test
    void dropsAreThoseOfANaiveLook() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            TreeMap<Long, Double> all = new TreeMap<>();
            ScoreHistory history = new ScoreHistory(List.of());
            long time = START;
            for (int i = 0; i < 60; i++) {
                time += 1 + random.nextInt(30) * MINUTE;
                double score = 1 + random.nextInt(90) / 10.0;
                all.put(time, score);
                history = history.with(time, score).since(time, 60 * MINUTE);
                Map.Entry<Long, Double> inForce = all.floorEntry(time - 60 * MINUTE);
                double greatest = inForce == null ? 0 : inForce.getValue();
                for (double one : all.tailMap(time - 60 * MINUTE, false).values()) {
                    greatest = Math.max(greatest, one);
                }
                assertThat(history.greatest()).isEqualTo(greatest);
                assertThat(history.points()).hasSizeLessThan(70);
            }
        }
    }

    private void score(String ad, double score, long at) throws Exception {
        subtask.add(new ScoreUpdate(ScoreUpdate.Kind.SCORE, ad, score, at));
    }
}
