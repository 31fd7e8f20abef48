package io.adstream.quality.rank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StandingsTest {

    @Test
    void equalScoresShareAPlace() {
        Standings standings = Standings.of("shoes", 0, new double[] {5, 9, 5, 7});

        assertThat(standings.rank(9)).isEqualTo(1);
        assertThat(standings.rank(7)).isEqualTo(2);
        assertThat(standings.rank(5)).isEqualTo(3);
        assertThat(standings.size()).isEqualTo(4);
    }

    @Test
    void anAdThatFallsLetsOthersUp() {
        Standings standings = Standings.of("shoes", 0, new double[] {5, 9, 7}).with(9, 6);

        assertThat(standings.rank(6)).isEqualTo(2);
        assertThat(standings.rank(7)).isEqualTo(1);
        assertThat(standings.size()).isEqualTo(3);
    }

    @Test
    void aScoreThatNobodyHasChangesNothing() {
        Standings standings = Standings.of("shoes", 0, new double[] {5, 9});

        assertThat(standings.with(4, 1)).isSameAs(standings);
        assertThat(standings.with(6, 1)).isSameAs(standings);
        assertThat(standings.with(10, 1)).isSameAs(standings);
    }

    @Test
    void ranksAreOneAndHowManyAreGreater() {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            double[] scores =
                    random.doubles(1 + random.nextInt(30)).map(d -> (int) (d * 10)).toArray();
            Standings standings = Standings.of("c", 0, scores.clone());
            for (double score : scores) {
                long greater = java.util.Arrays.stream(scores).filter(d -> d > score).count();
                assertThat(standings.rank(score)).isEqualTo(1 + (int) greater);
            }
        }
    }
}
