package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyncScheduleTest {

    private static final long INTERVAL = 600_000;
    private static final long TOLERANCE = 5_000;

    private final SyncSchedule schedule = new SyncSchedule(INTERVAL, TOLERANCE);

    @Test
    void announcesACutBeforeItComes() {
        schedule.announce(INTERVAL - 11_001);
        assertThat(schedule.cuts()).isEmpty();
        schedule.announce(INTERVAL - 11_000);
        schedule.announce(INTERVAL - 10_000);

        assertThat(schedule.cuts()).containsOnlyKeys(INTERVAL);
        assertThat(schedule.nextSample()).isEqualTo(INTERVAL);
        assertThat(schedule.due(INTERVAL - 1)).isNull();
        assertThat(schedule.due(INTERVAL)).isNotNull();
        assertThat(schedule.due(INTERVAL)).as("once").isNull();
    }

    @Test
    void leavesOutACutThatComesRightAfterTheStreamHasPassedTheOneBefore() {
        schedule.announce(INTERVAL - 10_000);
        schedule.due(INTERVAL);
        schedule.announce(2 * INTERVAL - 10_000);
        assertThat(schedule.cuts()).as("while one waits").containsOnlyKeys(INTERVAL);

        assertThat(schedule.passed(INTERVAL + TOLERANCE)).hasSize(1);
        assertThat(schedule.announce(2 * INTERVAL - 5_500)).as("is left out").isTrue();
        assertThat(schedule.cuts()).as("too near").isEmpty();
        assertThat(schedule.announce(2 * INTERVAL - 4_500)).as("is told once").isFalse();

        assertThat(schedule.announce(3 * INTERVAL - 5_501)).isFalse();
        assertThat(schedule.cuts()).containsOnlyKeys(3 * INTERVAL);
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 500, 2_000, 60_000})
    void whoLooksOnceInTwoSecondsFindsEachCutInTime(long tolerance) {
        for (long phase = 0; phase < 2_000; phase += 100) {
            SyncSchedule looked = new SyncSchedule(10_000, tolerance);
            for (long now = phase; now < 10_000; now += 2_000) {
                looked.announce(now);
            }
            assertThat(looked.cuts()).as("looked at %d", phase).containsOnlyKeys(10_000L);
        }
    }

    @Test
    void aCutThatIsAnnouncedWhileALossIsLookedAtKnowsOfIt() {
        schedule.lost(INTERVAL - 20_000);
        schedule.announce(INTERVAL - 10_000);

        assertThat(schedule.cuts())
                .containsOnlyKeys(
                        INTERVAL - 9_000,
                        INTERVAL - 9_000 + SyncSchedule.SECOND_LOOK_MILLIS,
                        INTERVAL);
        assertThat(schedule.cuts().values()).allMatch(cut -> cut.afterLoss);
    }
}
