package io.adstream.metrics.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteScheduleTest {

    private static final long INTERVAL = 900;
    private static final long LONGEST = 10_000;
    private static final long START = 1_795_176_000_000L;

    private final WriteSchedule schedule = new WriteSchedule(INTERVAL, LONGEST, 50_000);
    private long now = START;

    @Test
    void aQuietKeyIsWrittenAtOnce() {
        ScheduledKey key = key("ad-1");
        schedule.changed(key, now);
        assertThat(tick(20)).containsExactly(key);
        assertThat(tick(20)).isEmpty();
    }

    @Test
    void aBusyKeyIsWrittenOncePerInterval() {
        ScheduledKey key = key("ad-1");
        List<Long> writes = new ArrayList<>();
        for (int millis = 0; millis < 10_000; millis += 20) {
            schedule.changed(key, now);
            if (!tick(20).isEmpty()) {
                writes.add(now);
            }
        }
        assertThat(writes).hasSizeBetween(10, 12);
        for (int i = 1; i < writes.size(); i++) {
            assertThat(writes.get(i) - writes.get(i - 1)).isBetween(INTERVAL, INTERVAL + 40);
        }
    }

    @Test
    void theLastChangeIsWrittenToo() {
        ScheduledKey key = key("ad-1");
        schedule.changed(key, now);
        tick(20);
        schedule.changed(key, now);
        schedule.changed(key, now);
        assertThat(schedule.waiting()).isOne();
        assertThat(tick(INTERVAL - 20)).isEmpty();
        assertThat(tick(40)).containsExactly(key);
        assertThat(schedule.waiting()).isZero();
    }

    @Test
    void aboveTheLimitTheIntervalStretchesForAllAlike() {
        WriteSchedule limited = new WriteSchedule(INTERVAL, LONGEST, 100);
        List<ScheduledKey> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add(key("ad-" + i));
        }
        limited.tick(now, key -> {});
        Map<ScheduledKey, Integer> writes = new HashMap<>();
        int inSecond = 0;
        for (int millis = 0; millis < 30_000; millis += 20) {
            now += 20;
            keys.forEach(key -> limited.changed(key, now));
            int before = writes.values().stream().mapToInt(Integer::intValue).sum();
            limited.tick(now, key -> writes.merge(key, 1, Integer::sum));
            inSecond += writes.values().stream().mapToInt(Integer::intValue).sum() - before;
            if (millis % 1000 == 980) {
                assertThat(inSecond).isLessThanOrEqualTo(millis == 980 ? 200 : 101);
                inSecond = 0;
            }
        }
        assertThat(writes).hasSize(500);
        assertThat(writes.values()).allMatch(count -> count >= 6 && count <= 7);
        assertThat(limited.effectiveIntervalMillis()).isBetween(4000L, 6000L);
        assertThat(limited.overdue()).isPositive();
    }

    @Test
    void withoutPressureTheIntervalIsAsSet() {
        schedule.changed(key("ad-1"), now);
        tick(20);
        assertThat(schedule.effectiveIntervalMillis()).isEqualTo(INTERVAL);
    }

    @Test
    void behindByAMinuteAKeyIsWrittenEverySixSeconds() {
        ScheduledKey key = key("ad-1");
        List<Long> writes = new ArrayList<>();
        for (int millis = 0; millis < 60_000; millis += 20) {
            schedule.changed(key, now);
            schedule.behind(60_000, now);
            if (!tick(20).isEmpty()) {
                writes.add(now);
            }
        }
        assertThat(writes).hasSizeBetween(10, 11);
        assertThat(schedule.effectiveIntervalMillis()).isEqualTo(6000);
    }

    @Test
    void farBehindTheIntervalHasALimit() {
        schedule.behind(86_400_000, now);
        assertThat(schedule.effectiveIntervalMillis()).isEqualTo(LONGEST);
    }

    @Test
    void aDelayOfSecondsStretchesNothing() {
        schedule.behind(5000, now);
        assertThat(schedule.effectiveIntervalMillis()).isEqualTo(INTERVAL);
    }

    @Test
    void whoHasCaughtUpDoesNotWaitForTheLongInterval() {
        ScheduledKey key = key("ad-1");
        schedule.behind(200_000, now);
        schedule.changed(key, now);
        assertThat(tick(20)).containsExactly(key);
        schedule.changed(key, now);
        assertThat(tick(500)).isEmpty();

        schedule.behind(0, now);
        assertThat(tick(300)).as("an interval is kept").isEmpty();
        assertThat(tick(140)).containsExactly(key);
        assertThat(schedule.waiting()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -1000, 1000, 86_400_000})
    void goesOnWhereTheClockIsSet(long step) {
        ScheduledKey busy = key("busy");
        ScheduledKey waiting = key("waiting");
        for (ScheduledKey key : List.of(busy, waiting)) {
            schedule.changed(key, now);
        }
        tick(20);
        schedule.changed(waiting, now);
        now += step;
        schedule.changed(busy, now);
        List<ScheduledKey> written = new ArrayList<>();
        for (int millis = 0; millis <= 1000; millis += 20) {
            written.addAll(tick(20));
        }
        assertThat(written).containsExactlyInAnyOrder(busy, waiting);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void writesEachChangeInTimeAndNoKeyTooOften(long seed) {
        Random random = new Random(seed);
        List<ScheduledKey> keys = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            keys.add(key("ad-" + i));
        }
        Map<ScheduledKey, Long> changedAt = new HashMap<>();
        Map<ScheduledKey, Long> writtenAt = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(10) == 0 ? random.nextInt(200) : random.nextInt(15);
            if (random.nextInt(3) > 0) {
                ScheduledKey key = keys.get((int) Math.sqrt(random.nextInt(1600)));
                schedule.changed(key, now);
                changedAt.putIfAbsent(key, now);
            }
            schedule.tick(
                    now,
                    key -> {
                        assertThat(changedAt.remove(key)).isNotNull();
                        Long before = writtenAt.put(key, now);
                        if (before != null) {
                            assertThat(now - before).isGreaterThanOrEqualTo(INTERVAL);
                        }
                    });
            changedAt.forEach(
                    (key, at) -> assertThat(now - at).as(key.entity.key).isLessThan(INTERVAL + 20));
        }
    }

    private List<ScheduledKey> tick(long millis) {
        now += millis;
        List<ScheduledKey> written = new ArrayList<>();
        schedule.tick(now, written::add);
        return written;
    }

    private static ScheduledKey key(String ad) {
        return new EntityWindows("0" + ad).live[WindowSize.ONE_MINUTE.ordinal()];
    }
}
