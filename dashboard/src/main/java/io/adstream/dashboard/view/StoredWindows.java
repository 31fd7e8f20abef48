package io.adstream.dashboard.view;

import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which windows are stored, and how far the metrics job is: the same for all series of a length, so
 * it is read once for those that are asked for at about the same time.
 */
final class StoredWindows {

    private static final Duration FRESH = Duration.ofMillis(500);

    private final PostgresStore postgres;
    private final Map<Window, State> states = new ConcurrentHashMap<>();

    StoredWindows(PostgresStore postgres) {
        this.postgres = postgres;
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
     * @param readAt {@link System#nanoTime()}
     */
    record State(@Nullable Progress progress, @Nullable Stored stored, long readAt) {}

    /** What holds for windows of a length now, or did half a second ago. */
    State of(Window window) {
        return states.compute(
                window,
                (key, known) ->
                        known != null && System.nanoTime() - known.readAt < FRESH.toNanos()
                                ? known
                                : read(key));
    }

    private State read(Window window) {
        long readAt = System.nanoTime();
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
                                            : new Stored(oldest, newest),
                                    readAt);
                        });
        return states.get(0);
    }
}
