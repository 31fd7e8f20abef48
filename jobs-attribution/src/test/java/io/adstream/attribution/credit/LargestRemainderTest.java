package io.adstream.attribution.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargestRemainderTest {

    @Test
    void whatIsLeftGoesToTheLaterOfEquals() {
        assertThat(LargestRemainder.split(1_000_000, new long[] {1, 1, 1}))
                .containsExactly(333_333, 333_333, 333_334);
        assertThat(LargestRemainder.split(5, new long[] {1, 1, 1})).containsExactly(1, 2, 2);
    }

    @Test
    void whatIsLeftGoesToTheLargestRemainder() {
        // 6.4, 2.7 and 0.9 of ten.
        assertThat(LargestRemainder.split(10, new long[] {64, 27, 9})).containsExactly(6, 3, 1);
    }

    @Test
    void aWeightOfNothingGetsNothing() {
        assertThat(LargestRemainder.split(7, new long[] {0, 3, 0})).containsExactly(0, 7, 0);
    }

    @Test
    void nothingIsDividedIntoNothing() {
        assertThat(LargestRemainder.split(0, new long[] {2, 1})).containsExactly(0, 0);
    }

    @Test
    void theLargestAmountIsDividedExactly() {
        long most = 9_000_000_000_000_000_000L;

        assertThat(LargestRemainder.split(most, new long[] {500_000, 500_000}))
                .containsExactly(most / 2, most / 2);
        assertThat(LargestRemainder.split(most + 1, new long[] {1L << 50, 1L << 50, 1L << 50}))
                .containsExactly(most / 3, most / 3, most / 3 + 1);
    }

    @Test
    void partsSumToTheTotalAndAreLessThanOneFromTheirShare() {
        long seed = 11;
        Random random = new Random(seed);
        for (int run = 0; run < 20_000; run++) {
            long total = random.nextLong() >>> (1 + random.nextInt(62));
            long[] weights = new long[1 + random.nextInt(8)];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextInt(1_000_000);
            }
            weights[random.nextInt(weights.length)]++;
            long[] parts = LargestRemainder.split(total, weights);

            double sum = Arrays.stream(weights).sum();
            assertThat(Arrays.stream(parts).sum()).as("seed %s run %s", seed, run).isEqualTo(total);
            for (int i = 0; i < parts.length; i++) {
                double share = total / sum * weights[i];
                assertThat(Math.abs(parts[i] - share))
                        .as("seed %s run %s part %s", seed, run, i)
                        .isLessThan(1 + share * 1e-12);
            }
        }
    }
}
