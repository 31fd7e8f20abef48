package io.adstream.features.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** With more lateness than the gap, so that sessions can merge that were all written. */
class SessionsTest {

    private static final long MINUTE = 60_000;
    private static final long LATENESS = 60 * MINUTE;

    private final Sessions sessions = new Sessions();

    /** What Redis holds by start: the number of events. */
    private final TreeMap<Long, Integer> keys = new TreeMap<>();

    private void write(long start, long last, int[] counts, boolean removed) {
        if (removed) {
            keys.remove(start);
        } else {
            keys.put(start, counts[0] + counts[1] + counts[2]);
        }
    }

    private void add(long time, long watermark) {
        assertThat(sessions.add(time, 0, watermark, LATENESS, this::write)).isTrue();
    }

    @Test
    void twoWrittenSessionsThatMergeLeaveOneKey() {
        add(10 * MINUTE, 0);
        add(25 * MINUTE, 0);
        sessions.advance(40 * MINUTE, LATENESS, this::write);
        assertThat(keys).containsOnlyKeys(10 * MINUTE, 25 * MINUTE);

        add(17 * MINUTE, 40 * MINUTE);

        assertThat(keys).containsExactly(Map.entry(10 * MINUTE, 3));
    }

    @Test
    void aSessionThatBeginsEarlierMovesItsKey() {
        add(10 * MINUTE, 0);
        sessions.advance(20 * MINUTE, LATENESS, this::write);

        add(5 * MINUTE, 20 * MINUTE);

        assertThat(keys).containsExactly(Map.entry(5 * MINUTE, 2));
    }

    @Test
    void keysAreTheSessionsHoweverEventsArrive() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            Sessions those = new Sessions();
            keys.clear();
            List<Long> times = new ArrayList<>();
            long watermark = 0;
            for (int i = 0; i < 12; i++) {
                long time = random.nextInt(60) * MINUTE + random.nextInt(2);
                times.add(time);
                those.add(time, random.nextInt(3), watermark, LATENESS, this::write);
                watermark += random.nextInt(6) * MINUTE;
                those.advance(watermark, 2 * LATENESS, this::write);
            }
            those.advance(75 * MINUTE, 2 * LATENESS, this::write);

            assertThat(keys).as("seed %d", seed).isEqualTo(naive(times));
        }
    }

    private static TreeMap<Long, Integer> naive(List<Long> times) {
        TreeMap<Long, Integer> expected = new TreeMap<>();
        long start = Long.MIN_VALUE;
        long last = Long.MIN_VALUE;
        for (long time : times.stream().sorted().toList()) {
            if (start == Long.MIN_VALUE || time - last > Sessions.GAP) {
                start = time;
            }
            last = time;
            expected.merge(start, 1, Integer::sum);
        }
        return expected;
    }
}
