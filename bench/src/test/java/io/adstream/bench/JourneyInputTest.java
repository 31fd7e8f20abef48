package io.adstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.oracle.AttributionBatch;
import io.adstream.testing.oracle.AttributionResult;
import io.adstream.testing.oracle.InputRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JourneyInputTest {

    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final long SPAN = Duration.ofHours(36).toMillis();

    @Test
    void creditsAreThoseOfALookAtEveryClick() {
        List<JourneyInput.Event> events = JourneyInput.of(20_000, 3_000, START, SPAN, 7);
        AttributionBatch batch = AttributionBatch.with().build();
        for (int i = 0; i < events.size(); i++) {
            JourneyInput.Event event = events.get(i);
            batch.add(InputRecord.of(0, i, event.arrival(), event.json()));
        }
        Credits credits = Credits.NONE;
        for (AttributionResult result : batch.expected().results().values()) {
            String click = result.clickId();
            if (click != null) {
                credits =
                        credits.plus(
                                "SESSION".equals(result.match()), result.conversionId(), click);
            }
        }
        assertThat(JourneyInput.credits(events)).isEqualTo(credits);
        assertThat(credits.bySession()).isGreaterThan(300);
        assertThat(credits.byDevice()).isGreaterThan(100);
    }

    @Test
    void eventsAreRepeatedAndOutOfOrder() {
        List<JourneyInput.Event> events = JourneyInput.of(20_000, 0, START, SPAN, 8);
        assertThat(events.size()).isBetween(20_100, 20_400);
        assertThat(events).isSortedAccordingTo((a, b) -> Long.compare(a.arrival(), b.arrival()));
        boolean disordered = false;
        long newest = 0;
        for (JourneyInput.Event event : events) {
            disordered |= event.time() < newest;
            newest = Math.max(newest, event.time());
            assertThat(event.time()).isBetween(newest - Duration.ofMinutes(1).toMillis(), newest);
        }
        assertThat(disordered).isTrue();
        assertThat(JourneyInput.openClicks(events, START + SPAN)).isBetween(10_000L, 16_000L);
    }
}
