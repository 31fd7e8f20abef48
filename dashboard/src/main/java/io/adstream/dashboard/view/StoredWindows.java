package io.adstream.dashboard.view;

import io.adstream.dashboard.live.Source;
import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which windows are stored, and how far the metrics job is: the same for all series of a length, so
 * it is read once for those that are asked for at about the same time.
 */
final class StoredWindows {

    private static final Duration FRESH = Duration.ofMillis(100);

    private final Map<Window, Source<State>> states = new EnumMap<>(Window.class);

    StoredWindows(PostgresStore postgres) {
        for (Window window : Window.values()) {
            states.put(window, new Source<>(FRESH, () -> read(postgres, window)));
        }
    }

    /**
     * How far the metrics job is.
     *
     * @param finalBefore windows that end before it are not amended any more
     */
    record Progress(
            @Nullable Instant watermark, @Nullable Instant finalBefore, Instant updatedAt) {}

    /** The starts of the oldest and the newest window that are stored, of whatever advertiser. */
    record Stored(Instant oldest, Instant newest) {}

    /**
     * What is known.
     *
     * @param progress null where the job has stored none
     * @param stored null where no window is stored
     */
    record State(@Nullable Progress progress, @Nullable Stored stored) {}

    /** What holds for windows of a length now, or did a moment ago. */
    State of(Window window) {
        return Objects.requireNonNull(states.get(window)).read();
    }

    private static State read(PostgresStore postgres, Window window) {
        List<State> states =
                postgres.query(
                        "select w.oldest, w.newest, p.watermark, p.final_before, p.updated_at from"
                                + " (select min(window_start) as oldest, max(window_start) as newest"
                                + " from "
                                + window.table()
                                + " where entity_type = 'ADVERTISER') w"
                                + " left join realtime.progress p on p.job = 'metrics'",
                        List.of(),
                        row -> {
                            Instant oldest = PostgresStore.time(row, "oldest");
                            Instant newest = PostgresStore.time(row, "newest");
                            Instant updatedAt = PostgresStore.time(row, "updated_at");
                            return new State(
                                    updatedAt == null
                                            ? null
                                            : new Progress(
                                                    PostgresStore.time(row, "watermark"),
                                                    PostgresStore.time(row, "final_before"),
                                                    updatedAt),
                                    oldest == null || newest == null
                                            ? null
                                            : new Stored(oldest, newest));
                        });
        return states.get(0);
    }
}
