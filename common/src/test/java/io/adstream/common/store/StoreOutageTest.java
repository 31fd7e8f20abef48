package io.adstream.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StoreOutageTest {

    private final SimpleCounter retries = new SimpleCounter();
    private final StoreOutage outage =
            new StoreOutage("the store", LoggerFactory.getLogger(StoreOutageTest.class), retries);

    @Test
    void waitsLongerEachTimeUpToTwoSeconds() {
        assertThat(StoreOutage.waitAfter(0)).isEqualTo(Duration.ofMillis(50));
        assertThat(StoreOutage.waitAfter(1)).isEqualTo(Duration.ofMillis(100));
        assertThat(StoreOutage.waitAfter(5)).isEqualTo(Duration.ofMillis(1600));
        assertThat(StoreOutage.waitAfter(6)).isEqualTo(Duration.ofSeconds(2));
        assertThat(StoreOutage.waitAfter(1_000_000)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void measuresTheOutageUntilItIsOver() throws Exception {
        assertThat(outage.lastsMs()).isZero();

        outage.await("gone", "Look.");
        outage.await("gone", "Look.");

        assertThat(outage.lastsMs()).isGreaterThan(100);
        assertThat(retries.getCount()).isEqualTo(2);
        outage.over();
        assertThat(outage.lastsMs()).isZero();
    }

    @Test
    void aCancelledTaskDoesNotWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> outage.await("gone", "Look."))
                .isInstanceOf(InterruptedException.class);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(retries.getCount()).isZero();
    }
}
