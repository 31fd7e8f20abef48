package io.adstream.quality.input;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownSinceTest {

    private static final long MINUTE = 60_000;

    private final KnownSince known = new KnownSince();

    @Test
    void aFirstRowCountsFromItsWindowsEnd() {
        assertThat(since(0, 10, true)).isEqualTo(10);
        assertThat(since(0, 5, true)).isEqualTo(5);
    }

    @Test
    void anAmendmentCountsFromWhatIsBeforeItInItsPartition() {
        since(0, 5, true);
        assertThat(since(0, 5, false)).isEqualTo(5);
        since(0, 8, true);
        since(1, 9, true);
        assertThat(since(0, 5, false)).isEqualTo(8);
    }

    @Test
    void whereRowsAreInDisorderItCountsTenMinutesAfterItsWindow() {
        since(0, 600, true);
        assertThat(since(0, 5, false)).isEqualTo(15);
    }

    @Test
    void goesOnFromACheckpoint() {
        known.restore(0, 8 * MINUTE);
        known.restore(0, 7 * MINUTE);
        assertThat(since(0, 5, false)).isEqualTo(8);
        assertThat(known.newestEnds()).containsEntry(0, 8 * MINUTE);
    }

    private long since(int partition, long endMinute, boolean first) {
        return known.of(new MetricsUpdate(partition, endMinute * MINUTE, first, null)) / MINUTE;
    }
}
