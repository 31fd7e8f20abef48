package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpendRateTest {

    @Test
    void isTheSpendOfTheWholeSlotsOfTheMinuteBefore() {
        SplittableRandom random = new SplittableRandom(11);
        SpendRate rate = new SpendRate();
        TreeMap<Long, Long> all = new TreeMap<>();
        long time = 1_795_176_000_000L;
        for (int i = 0; i < 5000; i++) {
            time += random.nextInt(30) == 0 ? random.nextInt(200_000) : random.nextInt(3000);
            long at = time - random.nextInt(9000);
            long cost = random.nextInt(1000);
            rate.add(at, cost);
            all.merge(Math.floorDiv(at, 10_000), cost, Long::sum);
            long now = time - random.nextInt(15_000);
            long slot = Math.floorDiv(now, 10_000);
            long newest = all.lastKey();
            long expected =
                    all.subMap(Math.max(slot - 6, newest - 7), slot).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            assertThat(rate.at(now)).isEqualTo(expected);
        }
    }

    @Test
    void isNothingWithoutClicks() {
        assertThat(new SpendRate().at(0)).isZero();
    }
}
