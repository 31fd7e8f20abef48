package io.adstream.anomaly.ad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChanceTest {

    @Test
    void tailsAreSumsOfTheNegativeBinomial() {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            double successes = random.nextInt(200);
            double trials = 100 + random.nextInt(20_000);
            double n = 1 + random.nextInt(2000);
            long k = random.nextInt(60);
            double shape = successes + 0.5;
            double q = n / (n + trials);
            double term = Math.pow(1 - q, shape);
            double below = 0;
            for (long j = 0; j < k; j++) {
                below += term;
                term *= (j + shape) / (j + 1) * q;
            }
            assertThat(Chance.atMost(k - 1, n, successes, trials)).isCloseTo(below, within(1e-9));
            assertThat(Chance.atLeast(k, n, successes, trials)).isCloseTo(1 - below, within(1e-9));
        }
    }

    @Test
    void isThePoissonDistributionWhereMuchIsKnown() {
        // Of 1 expected, 11 or more: 1.0e-8; of 10 expected, none: 4.5e-5.
        assertThat(Chance.atLeast(11, 100, 1e6, 1e8)).isCloseTo(1.0e-8, within(2e-10));
        assertThat(Chance.atMost(0, 100, 1e7, 1e8)).isCloseTo(Math.exp(-10), within(1e-9));
    }

    @Test
    void littleKnowledgeMakesNoAlerts() {
        // The rate is 0.001 in both, so that 0.1 is expected: by Poisson 7.7e-8.
        assertThat(Chance.atLeast(5, 100, 1, 1000)).isGreaterThan(1e-5);
        assertThat(Chance.atLeast(5, 100, 1000, 1_000_000)).isLessThan(1e-7);
    }

    @Test
    void wilsonIsAsInTheBooks() {
        // 12 of 100 at 95 %: 0.0700 to 0.1981; 2 of 20: 0.0279 to 0.3010.
        assertThat(Chance.wilsonLower(12, 100, 1.96)).isCloseTo(0.0700, within(5e-5));
        assertThat(Chance.wilsonLower(2, 20, 1.96)).isCloseTo(0.0279, within(5e-5));
        assertThat(Chance.wilsonLower(0, 50, 1.96)).isCloseTo(0, within(1e-12));
    }

    @Test
    void logGammaOfWholeNumbersIsTheirFactorial() {
        double sum = 0;
        for (int i = 1; i < 200; i++) {
            assertThat(Chance.logGamma(i)).isCloseTo(sum, within(1e-9 * Math.max(1, sum)));
            sum += Math.log(i);
        }
        assertThat(Chance.logGamma(0.5)).isCloseTo(Math.log(Math.sqrt(Math.PI)), within(1e-10));
    }
}
