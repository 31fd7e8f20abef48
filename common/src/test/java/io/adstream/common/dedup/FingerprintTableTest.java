package io.adstream.common.dedup;

import static io.adstream.common.dedup.FingerprintTable.Match.CONFLICT;
import static io.adstream.common.dedup.FingerprintTable.Match.DUPLICATE;
import static io.adstream.common.dedup.FingerprintTable.Match.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.common.dedup.FingerprintTable.Match;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTableTest {

    private final FingerprintTable table = new FingerprintTable();

    private record Known(long payload, int generation) {}

    @Test
    void knowsAnIdAndWhetherItsPayloadIsTheSame() {
        remember(7, 70, 0);

        assertThat(table.find(7, 70)).isEqualTo(DUPLICATE);
        assertThat(table.find(7, 71)).isEqualTo(CONFLICT);
        assertThat(table.find(8, 70)).isEqualTo(NEW);
    }

    @Test
    void takesAnIdOfZeroAndAPayloadOfZero() {
        assertThat(table.find(0, 0)).isEqualTo(NEW);
        remember(0, 0, 0);

        assertThat(table.find(0, 0)).isEqualTo(DUPLICATE);
        assertThat(table.find(0, 1)).isEqualTo(CONFLICT);
        assertThat(table.size()).isOne();
    }

    @Test
    void forgetsByGenerationAlone() {
        remember(1, 1, 0);
        remember(2, 2, 1);
        remember(3, 3, 65_535);

        forget(0);
        assertThat(table.find(1, 1)).isEqualTo(NEW);
        assertThat(table.find(2, 2)).isEqualTo(DUPLICATE);

        forget(65_535);
        assertThat(table.find(3, 3)).isEqualTo(NEW);
        assertThat(table.find(2, 2)).isEqualTo(DUPLICATE);
        assertThat(table.size()).isOne();
    }

    /** The lower half of an id chooses its slot: all of these want the same one. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 0x7FFF_FFFFL, 0xFFFF_FFFFL})
    void survivesIdsThatCollide(long lowerHalf) {
        for (long upperHalf = 1; upperHalf <= 1000; upperHalf++) {
            remember(upperHalf << 32 | lowerHalf, upperHalf, (int) (upperHalf % 2));
        }
        for (long upperHalf = 1; upperHalf <= 1000; upperHalf++) {
            assertThat(table.find(upperHalf << 32 | lowerHalf, upperHalf)).isEqualTo(DUPLICATE);
        }
        assertThat(table.bytes()).isLessThan(1000 * 100);

        forget(1);
        for (long upperHalf = 1; upperHalf <= 1000; upperHalf++) {
            assertThat(table.find(upperHalf << 32 | lowerHalf, upperHalf))
                    .isEqualTo(upperHalf % 2 == 1 ? NEW : DUPLICATE);
        }
    }

    @Test
    void holdsAnIdInAtMostThirtyBytes() {
        Random random = new Random(4);
        for (int ids = 1; ids <= 150_000; ids++) {
            remember(random.nextLong(), ids, 0);
            if (ids > 20_000 && ids % 500 == 0) {
                assertThat(table.bytes() / (double) ids).isBetween(22.0, 30.2);
            }
        }
    }

    @Test
    void givesMemoryBack() {
        Random random = new Random(5);
        long empty = table.bytes();
        for (int ids = 0; ids < 10_000; ids++) {
            remember(random.nextLong(), ids, 0);
        }
        forget(0);

        assertThat(table.size()).isZero();
        assertThat(table.bytes()).isEqualTo(empty);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAMap(long seed) {
        Random random = new Random(seed);
        Map<Long, Known> model = new HashMap<>();
        for (int generation = 0; generation < 20; generation++) {
            int ids = random.nextInt(1500);
            for (int i = 0; i < ids; i++) {
                // Few lower halves, so that runs are long; and ids that come again.
                long id = random.nextInt(400) << 16 | random.nextInt(4) | (long) i << 40;
                long payload = random.nextInt(2);
                Known known = model.get(id);
                Match expected =
                        known == null ? NEW : known.payload() == payload ? DUPLICATE : CONFLICT;
                assertThat(table.find(id, payload)).isEqualTo(expected);
                if (expected == NEW) {
                    table.add(id, payload, generation);
                    model.put(id, new Known(payload, generation));
                }
            }
            if (generation >= 3 && random.nextBoolean()) {
                BitSet past = new BitSet();
                past.set(0, generation - 2);
                table.forget(past);
                model.values().removeIf(known -> past.get(known.generation()));
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
    }

    private void remember(long id, long payload, int generation) {
        if (table.find(id, payload) == NEW) {
            table.add(id, payload, generation);
        }
    }

    private void forget(int generation) {
        BitSet past = new BitSet();
        past.set(generation);
        table.forget(past);
    }
}
