package io.adstream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.adstream.bench.PauseWatch.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PauseWatchTest {

    private final PauseWatch watch = new PauseWatch(Map.of("a", 100L, "b", 100L, "c", 100L));

    @Test
    void latencyBeginsWithTheClickThatCrossesByOrderOfAppend() {
        watch.appended("a", 10, 2000);
        watch.appended("a", 90, 1000);
        watch.paused(Place.REDIS, "a", 2120);
        watch.paused(Place.REDIS, "a", 9999);
        watch.paused(Place.TABLE, "a", 2300);
        watch.appended("a", 5, 2050);
        watch.appended("b", 94, 1000);
        watch.appended("unknown", 1000, 1000);

        assertThat(watch.outcomes())
                .singleElement()
                .satisfies(
                        outcome -> {
                            assertThat(outcome.campaign()).isEqualTo("a");
                            assertThat(outcome.latencyMillis())
                                    .isEqualTo(Map.of(Place.REDIS, 120L, Place.TABLE, 300L));
                            assertThat(outcome.overspend()).isCloseTo(0.10, within(1e-9));
                            // 100 in the second until it crossed, and 10 beyond 95.
                            assertThat(outcome.overspendSeconds()).isCloseTo(0.10, within(1e-9));
                        });
    }

    @Test
    void aPauseThatWasNotSeenHasNoLatency() {
        watch.appended("c", 95, 1);

        assertThat(watch.outcomes())
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.latencyMillis()).isEmpty());
    }
}
