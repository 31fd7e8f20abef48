package io.adstream.anomaly.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {

    private long nanos = 7;
    private final RateLimit limit = new RateLimit(6, () -> nanos);

    @Test
    void asManyAtOnceAsAMinuteHasThenOneEveryTenSeconds() {
        for (int i = 6; i > 0; i--) {
            assertThat(limit.available()).isEqualTo(i);
            limit.take();
        }
        assertThat(limit.available()).isZero();
        assertThat(limit.nanosUntilNext()).isEqualTo(10_000_000_000L);
        nanos += 9_999_000_000L;
        assertThat(limit.available()).isZero();
        nanos += 2_000_000L;
        assertThat(limit.available()).isEqualTo(1);
        nanos += 3_600_000_000_000L;
        assertThat(limit.available()).isEqualTo(6);
    }
}
