package io.adstream.attribution.credit;

import static io.adstream.attribution.credit.AttributionModel.FIRST_CLICK;
import static io.adstream.attribution.credit.AttributionModel.LAST_CLICK;
import static io.adstream.attribution.credit.AttributionModel.LINEAR;
import static io.adstream.attribution.credit.AttributionModel.POSITION_BASED;
import static io.adstream.attribution.credit.AttributionModel.TIME_DECAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttributionModelTest {

    private static final Duration HALF_LIFE = Duration.ofHours(7);
    private static final long HOUR = 3_600_000;

    @ParameterizedTest
    @EnumSource(AttributionModel.class)
    void oneTouchHasAll(AttributionModel model) {
        assertThat(credits(model, 5)).containsExactly(1_000_000);
    }

    @Test
    void lastAndFirst() {
        assertThat(credits(LAST_CLICK, 0, 1, 2)).containsExactly(0, 0, 1_000_000);
        assertThat(credits(FIRST_CLICK, 0, 1, 2)).containsExactly(1_000_000, 0, 0);
    }

    @Test
    void linear() {
        assertThat(credits(LINEAR, 0, 1, 2)).containsExactly(333_333, 333_333, 333_334);
        assertThat(credits(LINEAR, 0, 1)).containsExactly(500_000, 500_000);
    }

    @Test
    void aHalfLifeHalves() {
        // 1 : 2 : 4
        assertThat(credits(TIME_DECAY, 0, 7 * HOUR, 14 * HOUR))
                .containsExactly(142_857, 285_714, 571_429);
    }

    @Test
    void sameInstantsDecayAlike() {
        assertThat(credits(TIME_DECAY, 3, 3, 3)).containsExactly(333_333, 333_333, 333_334);
    }

    @Test
    void decaySurvivesAnyAge() {
        assertThat(TIME_DECAY.credits(new long[] {0, 30L * 24 * HOUR}, Duration.ofSeconds(1)))
                .containsExactly(0, 1_000_000);
    }

    @Test
    void positions() {
        assertThat(credits(POSITION_BASED, 0, 1)).containsExactly(500_000, 500_000);
        assertThat(credits(POSITION_BASED, 0, 1, 2)).containsExactly(400_000, 200_000, 400_000);
        assertThat(credits(POSITION_BASED, 0, 1, 2, 3))
                .containsExactly(400_000, 100_000, 100_000, 400_000);
        assertThat(credits(POSITION_BASED, 0, 1, 2, 3, 4))
                .containsExactly(400_000, 66_666, 66_667, 66_667, 400_000);
    }

    @ParameterizedTest
    @EnumSource(AttributionModel.class)
    void creditsSumToTheWhole(AttributionModel model) {
        long seed = 12;
        Random random = new Random(seed);
        for (int run = 0; run < 2000; run++) {
            long[] times = random.longs(1 + random.nextInt(500), 0, 24 * HOUR).sorted().toArray();

            assertThat(Arrays.stream(model.credits(times, HALF_LIFE)).sum())
                    .as("seed %s run %s", seed, run)
                    .isEqualTo(AttributionModel.WHOLE);
        }
    }

    private static int[] credits(AttributionModel model, long... times) {
        return model.credits(times, HALF_LIFE);
    }
}
