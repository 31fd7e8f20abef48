package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
        schedule.announce(2 * INTERVAL - 1_000);
        assertThat(schedule.cuts()).as("too near").isEmpty();

        schedule.announce(3 * INTERVAL - 10_000);
        assertThat(schedule.cuts()).containsOnlyKeys(3 * INTERVAL);
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
