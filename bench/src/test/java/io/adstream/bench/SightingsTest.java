package io.adstream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SightingsTest {

    private static final long MINUTE = 60_000;

    private final Sightings sightings = new Sightings();

    @Test
    void theNthRecordIsSeenWithACountOfN() {
        sightings.appended(0, 100);
        sightings.appended(0, 200);
        sightings.appended(0, 300);
        sightings.seen(150, 0, 1);
        sightings.seen(350, 0, 3);

        assertThat(all().millis()).containsExactly(50L, 150L, 50L);
    }

    @Test
    void appendTimesAreSortedFirst() {
        sightings.appended(0, 200);
        sightings.appended(0, 100);
        sightings.seen(150, 0, 1);
        sightings.seen(240, 0, 2);

        assertThat(all().millis()).containsExactly(50L, 40L);
    }

    @Test
    void aLaterMinuteReplacesWhatWasNotSeen() {
        sightings.appended(0, 100);
        sightings.appended(0, 200);
        sightings.appended(0, 500);
        sightings.appended(MINUTE, 400);
        sightings.seen(150, 0, 1);
        sightings.seen(450, MINUTE, 1);

        Sightings.Outcome outcome = all();
        assertThat(outcome.millis()).containsExactly(50L, 250L, 50L);
        assertThat(outcome.replaced()).isEqualTo(1);
        assertThat(outcome.notLive()).isEqualTo(1);
        assertThat(outcome.unseen()).isZero();
    }

    @Test
    void aRecordWithoutEffectIsCounted() {
        sightings.appended(0, 100);
        sightings.appended(0, 200);
        sightings.seen(150, 0, 1);

        assertThat(all().unseen()).isEqualTo(1);
    }

    @Test
    void onlyTheSpanThatWasAskedForCounts() {
        sightings.appended(0, 100);
        sightings.appended(0, 200);
        sightings.appended(0, 300);
        sightings.seen(310, 0, 3);

        assertThat(sightings.between(150, 300).millis()).containsExactly(110L);
    }

    private Sightings.Outcome all() {
        return sightings.between(0, Long.MAX_VALUE);
    }
}
