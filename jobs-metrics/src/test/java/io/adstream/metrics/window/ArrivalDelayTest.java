package io.adstream.metrics.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalDelayTest {

    private static final long NOW = 1_795_176_000_000L;

    private final ArrivalDelay delay = new ArrivalDelay();

    @Test
    void nothingSeenIsNoDelay() {
        assertThat(delay.millis(NOW)).isZero();
    }

    @Test
    void theShortestDelayCounts() {
        delay.seen(NOW - 60_000, NOW);
        delay.seen(NOW - 200, NOW);
        delay.seen(NOW - 30_000, NOW);
        assertThat(delay.millis(NOW)).isEqualTo(200);
    }

    @Test
    void aShortDelayIsForgottenAfterTwoSeconds() {
        delay.seen(NOW - 200, NOW);
        delay.seen(NOW - 60_000, NOW + 1000);
        assertThat(delay.millis(NOW + 1000)).isEqualTo(200);
        delay.seen(NOW - 60_000, NOW + 2000);
        assertThat(delay.millis(NOW + 2000)).isEqualTo(61_000);
    }

    @Test
    void silenceIsNoDelay() {
        delay.seen(NOW - 60_000, NOW);
        assertThat(delay.millis(NOW + 900)).isEqualTo(60_000);
        assertThat(delay.millis(NOW + 5000)).isZero();
    }

    @Test
    void aBrokerWhoseClockIsAheadIsNotBehind() {
        delay.seen(NOW + 3000, NOW);
        assertThat(delay.millis(NOW)).isZero();
    }

    @Test
    void aClockThatIsSetBackBeginsAnew() {
        delay.seen(NOW - 60_000, NOW);
        delay.seen(NOW - 3_600_500, NOW - 3_600_000);
        assertThat(delay.millis(NOW - 3_600_000)).isEqualTo(500);
    }
}
