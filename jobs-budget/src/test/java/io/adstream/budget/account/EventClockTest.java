package io.adstream.budget.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventClockTest {

    private static final long NOON = 1_795_176_000_000L;

    private final EventClock clock = new EventClock();

    @Test
    void isEventTimeWhileItMoves() {
        clock.start(NOON);
        assertThat(clock.time(NOON)).isEqualTo(EventClock.UNKNOWN);
        clock.advance(NOON - 10_000, NOON);

        assertThat(clock.time(NOON + 29_999)).isEqualTo(NOON - 10_000);
    }

    @Test
    void goesOnByTheWallClockWhereLiveInputIsAtItsEnd() {
        clock.start(NOON);
        clock.advance(NOON - 10_000, NOON);

        assertThat(clock.time(NOON + 30_000)).isEqualTo(NOON + 20_000);
        assertThat(clock.time(NOON + 3_600_000)).isEqualTo(NOON + 3_590_000);
    }

    @Test
    void standsStillWhereTheInputWasNotLive() {
        clock.start(NOON);
        clock.advance(NOON - 120_001, NOON);

        assertThat(clock.time(NOON + 3_600_000)).isEqualTo(NOON - 120_001);
    }

    @Test
    void neverGoesBack() {
        clock.start(NOON);
        clock.advance(NOON - 10_000, NOON);
        assertThat(clock.time(NOON + 60_000)).isEqualTo(NOON + 50_000);

        clock.advance(NOON + 40_000, NOON + 61_000);

        assertThat(clock.time(NOON + 61_000)).isEqualTo(NOON + 50_000);
        assertThat(clock.watermark()).isEqualTo(NOON + 40_000);
    }

    @Test
    void waitsForTheInputAfterARestart() {
        EventClock restored = new EventClock();
        restored.restore(NOON - 10_000, NOON, NOON - 10_000);
        restored.start(NOON + 300_000);

        assertThat(restored.time(NOON + 329_999)).isEqualTo(NOON - 10_000);
        assertThat(restored.time(NOON + 330_000)).isEqualTo(NOON + 320_000);
    }
}
