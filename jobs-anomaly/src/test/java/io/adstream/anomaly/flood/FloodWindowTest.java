package io.adstream.anomaly.flood;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.alert.Alert;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloodWindowTest {

    private static final long START = 1_795_168_800_000L;
    private static final int LIMIT = 100;
    private static final long WINDOW = 60_000;

    private final FloodWindow window = new FloodWindow();

    @Test
    void aHundredClicksInAMinuteAreNone() {
        for (int i = 0; i < 100; i++) {
            assertThat(add(START + i * 500L)).isNull();
        }
    }

    @Test
    void theHundredAndFirstIsAcrossAMinuteToo() {
        long from = START + 30_500;
        for (int i = 0; i < 100; i++) {
            assertThat(add(from + i * 500L)).isNull();
        }
        assertThat(add(from + 59_999)).isEqualTo(new FloodWindow.Span(from, from + 59_999));
    }

    @Test
    void aClickSixtySecondsAfterTheFirstIsOutside() {
        for (int i = 0; i < 100; i++) {
            add(START);
        }
        assertThat(add(START + 60_000)).isNull();
        assertThat(add(START + 60_000)).isNull();
        assertThat(add(START + 50)).isNotNull();
    }

    /** In any order, with any clustering: what a look at all pairs of clicks finds. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void firesWhenAndOnlyWhenANaiveCountDoes(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int limit = 2 + random.nextInt(12);
            long span = 20_000L + random.nextInt(400_000);
            FloodWindow tested = new FloodWindow();
            List<Long> times = new ArrayList<>();
            boolean found = false;
            for (int i = 0; i < 60 && !found; i++) {
                long time =
                        START
                                + (random.nextInt(4) == 0 && !times.isEmpty()
                                        ? times.get(random.nextInt(times.size())) - START
                                        : random.nextLong(span));
                times.add(time);
                FloodWindow.Span span1 = tested.add(click(time), limit, WINDOW);
                FloodWindow.Span expected = naive(times, limit);
                assertThat(span1)
                        .as("seed %d round %d click %d", seed, round, i)
                        .isEqualTo(expected);
                found = expected != null;
            }
        }
    }

    /** Clicks that came while a flood went on make the next one, however many there were. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void keepsWhatTheNextFloodNeeds(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int limit = 2 + random.nextInt(10);
            FloodWindow tested = new FloodWindow();
            List<Long> after = new ArrayList<>();
            long boundary = START + 120_000;
            for (int i = 0; i < 150; i++) {
                long time = boundary + random.nextLong(1 + random.nextInt(200_000));
                tested.addToFlood(click(time), limit, boundary);
                after.add(time);
                if (random.nextInt(20) == 0) {
                    tested = FloodCodec.read(new FloodCodec().write(tested));
                }
            }
            tested.consumeBefore(boundary);
            assertThat(tested.earliest(boundary - 1, Long.MAX_VALUE - 60_000, limit, WINDOW))
                    .isEqualTo(naive(after, limit));
        }
    }

    @Test
    void aMillionClicksOfAFloodAreAFewBytes() throws Exception {
        for (int i = 0; i < 1_000_000; i++) {
            window.addToFlood(click(START + i % 60_000), LIMIT, START);
        }
        assertThat(window.clicksIn(START)).isEqualTo(1_000_000);
        assertThat(new FloodCodec().write(window)).hasSizeLessThan(600);
    }

    @Test
    void isEmptyWhenNothingMatters() {
        add(START);
        window.consumeBefore(START + 60_000);
        window.purgeBefore(START + 60_000);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void knowsTheAdThatGotMostClicks() {
        for (int i = 0; i < 40; i++) {
            window.add(clickOf("ad-" + i % 20, START + i), LIMIT, WINDOW);
        }
        assertThat(window.mainAd()).isNull();
        for (int i = 0; i < 60; i++) {
            window.add(clickOf("ad-3", START + i), LIMIT, WINDOW);
        }
        assertThat(window.mainAd()).extracting(AdShare::adId).isEqualTo("ad-3");
    }

    private FloodWindow.@Nullable Span add(long time) {
        return window.add(click(time), LIMIT, WINDOW);
    }

    private static Click click(long time) {
        return clickOf("ad-1", time);
    }

    private static Click clickOf(String ad, long time) {
        return new Click(Alert.EntityType.DEVICE, "d", time, ad, "cmp-1", "adv-1", "e" + time);
    }

    private static FloodWindow.@Nullable Span naive(List<Long> times, int limit) {
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        for (int last = limit; last < sorted.size(); last++) {
            long first = sorted.get(last - limit);
            if (sorted.get(last) - first < WINDOW) {
                return new FloodWindow.Span(first, sorted.get(last));
            }
        }
        return null;
    }
}
