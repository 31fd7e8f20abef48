package io.adstream.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60));

    @Test
    void triesAtOnceThenEverLaterUpToTheLongestWait() {
        assertThat(backoff.failedAt(100_000)).isEqualTo(Duration.ZERO);
        assertThat(backoff.failedAt(101_000)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.failedAt(103_000)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.isLooping()).isFalse();
        assertThat(backoff.failedAt(106_000)).isEqualTo(Duration.ofSeconds(4));
        assertThat(backoff.failedAt(111_000)).isEqualTo(Duration.ofSeconds(5));
        assertThat(backoff.isLooping()).isTrue();
    }

    @Test
    void forgivesAfterAStretchWithoutFailure() {
        backoff.failedAt(100_000);
        backoff.failedAt(101_000);

        assertThat(backoff.failedAt(101_000 + 70_000)).isEqualTo(Duration.ZERO);
    }
}
