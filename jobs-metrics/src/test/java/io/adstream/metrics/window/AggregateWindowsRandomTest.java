package io.adstream.metrics.window;

import static io.adstream.metrics.window.Deltas.click;
import static io.adstream.metrics.window.Deltas.millis;
import static io.adstream.metrics.window.WindowSubtasks.DEFAULTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.metrics.EntityType;
import io.adstream.metrics.row.MetricsRow;
import io.adstream.metrics.slice.SliceDelta;
import io.adstream.metrics.window.WindowSubtasks.Backend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random events, watermarks, checkpoints, restores and rescales, held against a naive count. */
class AggregateWindowsRandomTest {

    private static final long LATENESS = Duration.ofMinutes(5).toMillis();

    /** One row of a result. */
    private record Key(EntityType type, String id, WindowSize size, long start) {}

    /** What a row says. */
    private record Sums(long clicks, long cost) {
        Sums plus(Sums other) {
            return new Sums(clicks + other.clicks, cost + other.cost);
        }
    }

    /** Adds every event to its nine windows and knows which have ended. */
    private static final class NaiveCount {
        final Map<Key, Sums> windows = new HashMap<>();

        void add(List<SliceDelta> deltas) {
            for (SliceDelta delta : deltas) {
                for (WindowSize size : WindowSize.values()) {
                    windows.merge(
                            new Key(
                                    EntityType.ofKey(delta.entityKey),
                                    EntityType.idOfKey(delta.entityKey),
                                    size,
                                    delta.minute - delta.minute % size.millis()),
                            new Sums(delta.clicks, delta.cost),
                            Sums::plus);
                }
            }
        }

        Map<Key, Sums> endedBy(long watermark) {
            Map<Key, Sums> ended = new HashMap<>(windows);
            ended.keySet().removeIf(key -> key.start() + key.size().millis() - 1 > watermark);
            return ended;
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 600, HASHMAP", "2, 600, HASHMAP", "3, 150, ROCKSDB"})
    void agreesWithANaiveCount(long seed, int steps, Backend backend) throws Exception {
        Random random = new Random(seed);
        var setup = DEFAULTS.on(backend);
        NaiveCount expected = new NaiveCount();
        Map<Key, Sums> written = new HashMap<>();
        Map<Key, Integer> revisions = new HashMap<>();
        long watermark = millis("10:57:00");
        WindowSubtasks windows = setup.start();
        try {
            windows.watermark(watermark);
            for (int step = 0; step < steps; step++) {
                for (int events = random.nextInt(4); events > 0; events--) {
                    List<SliceDelta> deltas = event(random, watermark);
                    expected.add(deltas);
                    windows.add(deltas);
                }
                if (random.nextInt(3) == 0) {
                    watermark += random.nextInt(40_000);
                    windows.watermark(watermark);
                }
                if (random.nextInt(20) == 0) {
                    windows.wait(Duration.ofMillis(100));
                }
                if (random.nextInt(60) == 0) {
                    var snapshot = windows.snapshot();
                    collect(windows.rows(), written, revisions);
                    if (random.nextBoolean()) {
                        windows.close();
                        windows = setup.restore(snapshot, 1 + random.nextInt(4));
                    }
                }
                collect(windows.rows(), written, revisions);
                assertThat(written).isEqualTo(expected.endedBy(watermark));
            }
            windows.watermark(millis("18:00:00"));
            collect(windows.rows(), written, revisions);
            assertThat(written).isEqualTo(expected.windows);
            assertSumsAgree(written);
            assertThat(revisions.values()).anyMatch(revision -> revision > 1);

            windows.skip(Duration.ofHours(3));
            windows.snapshot();
            assertThat(windows.stateEntries()).isZero();
        } finally {
            windows.close();
        }
    }

    /** An event that is not late. */
    private static List<SliceDelta> event(Random random, long watermark) {
        long time = watermark + random.nextInt(420_000) - 390_000;
        long end = Math.floorDiv(time, 60_000L) * 60_000 + 60_000;
        if (end - 1 + LATENESS <= watermark) {
            time = watermark;
        }
        int ad = random.nextInt(12);
        return click(time)
                .of("ad-" + ad, "cmp-" + (ad % 4 + random.nextInt(2)), "adv-" + ad % 2)
                .price(random.nextInt(1000) * 10_000L)
                .all();
    }

    private static void collect(
            List<MetricsRow> rows, Map<Key, Sums> written, Map<Key, Integer> revisions) {
        for (MetricsRow row : rows) {
            if (row.kind() == MetricsRow.Kind.CLOSED) {
                Key key = new Key(row.entityType(), row.entityId(), row.size(), row.windowStart());
                written.put(key, new Sums(row.clicks(), row.totalCost()));
                assertThat(revisions.merge(key, 1, Integer::sum)).isEqualTo(row.revision());
            }
        }
    }

    /** Σ1m = 5m, Σ5m = 1h for each entity, and Σad = campaign = advertiser for each window. */
    private static void assertSumsAgree(Map<Key, Sums> rows) {
        Map<Key, Sums> rolledUp = new HashMap<>();
        Map<Key, Sums> perWindow = new HashMap<>();
        rows.forEach(
                (key, sums) -> {
                    for (WindowSize larger : WindowSize.values()) {
                        if (larger.ordinal() == key.size().ordinal() + 1) {
                            long start = key.start() - key.start() % larger.millis();
                            rolledUp.merge(
                                    new Key(key.type(), key.id(), larger, start), sums, Sums::plus);
                        }
                    }
                    perWindow.merge(
                            new Key(key.type(), "", key.size(), key.start()), sums, Sums::plus);
                });
        rolledUp.forEach((key, sums) -> assertThat(rows).containsEntry(key, sums));
        perWindow.forEach(
                (key, sums) -> {
                    for (EntityType type : EntityType.values()) {
                        assertThat(perWindow)
                                .containsEntry(new Key(type, "", key.size(), key.start()), sums);
                    }
                });
    }
}
