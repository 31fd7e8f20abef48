package io.adstream.metrics.slice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlushPolicyTest {

    private static final int MANY = FlushPolicy.CHEAP_SLICES + 1;

    @Test
    void fewSlicesLeaveAtOnce() {
        assertThat(FlushPolicy.isDue(FlushPolicy.CHEAP_SLICES, 2000, 0, 5)).isTrue();
    }

    @Test
    void manySlicesWaitUntilEachStandsForManyEvents() {
        assertThat(FlushPolicy.isDue(MANY, 2000, 499, 5)).isFalse();
        assertThat(FlushPolicy.isDue(MANY, 32L * MANY, 0, 5)).isTrue();
    }

    @Test
    void noSliceOfAJobThatKeepsUpWaitsLongerThanHalfASecond() {
        assertThat(FlushPolicy.isDue(MANY, MANY, 500, 5)).isTrue();
    }

    @Test
    void inABacklogFewSlicesTooWaitForATenthOfTheDelay() {
        assertThat(FlushPolicy.isDue(10, 20, 999, 10_000)).isFalse();
        assertThat(FlushPolicy.isDue(10, 20, 1000, 10_000)).isTrue();
        assertThat(FlushPolicy.isDue(MANY, MANY, 1999, 3_600_000)).isFalse();
        assertThat(FlushPolicy.isDue(MANY, MANY, 2000, 3_600_000)).isTrue();
    }

    @Test
    void aBrokerWhoseClockIsAheadDelaysNothing() {
        assertThat(FlushPolicy.isDue(10, 20, 0, -5000)).isTrue();
    }
}
