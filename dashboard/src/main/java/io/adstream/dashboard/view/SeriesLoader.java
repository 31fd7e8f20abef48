package io.adstream.dashboard.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest windows of one thing. Windows that {@code realtime.progress} calls final are
 * read once and remembered for five minutes; the others are read each time, since late events amend
 * them. Sums over many rows come in slices, the newest first, so that no query is long.
 *
 * <p>The newest window is the newest that is stored, not the clock's: a log that is replayed is
 * shown at its own time.
 */
final class SeriesLoader implements View.Loader {

    /** Reconciliation repairs windows that are final. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    /** The metrics job writes its progress with every checkpoint. */
    private static final Duration SILENT = Duration.ofMinutes(1);

    /** Windows of a category that are added up in one query. */
    private static final int SLICE = 10;

    /** How long older windows are added up at a time. */
    private static final Duration SLICES_TAKE = Duration.ofMillis(500);

    /** Final windows that are read again all the same. */
    private static final int REREAD = 3;

    private final PostgresStore postgres;
    private final StoredWindows windows;
    private final Scope scope;
    private final String id;
    private final String currency;
    private final Window window;
    private final int points;
    private final TreeMap<Instant, Map<String, Counts>> known = new TreeMap<>();
    private @Nullable Instant knownFrom;

    /** From here on windows could still change when they were read last. */
    private Instant openFrom = Instant.EPOCH;

    private long knownSince = System.nanoTime();

    SeriesLoader(
            PostgresStore postgres,
            StoredWindows windows,
            Scope scope,
            String id,
            String currency,
            Window window,
            int points) {
        this.postgres = postgres;
        this.windows = windows;
        this.scope = scope;
        this.id = id;
        this.currency = currency;
        this.window = window;
        this.points = points;
    }

    private record Cell(Instant windowStart, String currency, Counts counts) {}

    /**
     * One window.
     *
     * @param complete false where late events may still amend it
     */
    record Point(Instant windowStart, @JsonUnwrapped Counts counts, boolean complete) {}

    /**
     * What is shown.
     *
     * @param currencies of the money; several make it null
     * @param points in time order from the oldest that is stored on, none left out; windows without
     *     events count 0
     * @param loading whether older windows are still being added up
     */
    record Data(
            long windowSeconds,
            @Nullable Instant watermark,
            @Nullable Instant finalBefore,
            Set<String> currencies,
            List<Point> points,
            boolean loading) {}

    @Override
    public Content load() {
        StoredWindows.State state = windows.of(window);
        StoredWindows.Progress progress = state.progress();
        StoredWindows.Stored stored = state.stored();
        List<Trouble> troubles = new ArrayList<>();
        if (progress != null && progress.updatedAt().isBefore(Instant.now().minus(SILENT))) {
            troubles.add(new Trouble("the metrics job stores nothing", progress.updatedAt()));
        }
        if (stored == null) {
            return new Content(data(progress, null, false), true, troubles);
        }
        if (System.nanoTime() - knownSince > REMEMBERED.toNanos()) {
            known.clear();
            knownFrom = null;
            knownSince = System.nanoTime();
        }
        boolean loading = read(stored, progress == null ? null : progress.finalBefore());
        boolean empty = known.values().stream().allMatch(Map::isEmpty);
        return new Content(data(progress, stored.newest(), loading), empty, troubles);
    }

    /** Reads what is not known; gives whether there is more. */
    private boolean read(StoredWindows.Stored stored, @Nullable Instant finalBefore) {
        Instant newest = stored.newest();
        Duration length = window.length();
        // Before the oldest nothing was counted, which is not the same as no events.
        Instant first = max(stored.oldest(), newest.minus(length.multipliedBy(points - 1L)));
        known.headMap(first).clear();
        Instant from = knownFrom;
        if (from == null || from.isAfter(newest)) {
            int slice = scope == Scope.CATEGORY ? Math.min(points, SLICE) : points;
            from = max(first, newest.minus(length.multipliedBy(slice - 1L)));
            readRows(from, newest);
        } else {
            from = max(from, first);
            readRows(max(from, min(openFrom, newest)), newest);
            long until = System.nanoTime() + SLICES_TAKE.toNanos();
            while (from.isAfter(first) && System.nanoTime() < until) {
                Instant older = max(first, from.minus(length.multipliedBy(SLICE)));
                readRows(older, from.minus(length));
                from = older;
            }
        }
        // The rest is final; some more is read again, since rows and progress come one by one.
        openFrom =
                finalBefore == null
                        ? first
                        : max(first, finalBefore.minus(length.multipliedBy(REREAD)));
        knownFrom = from;
        return from.isAfter(first);
    }

    private static Instant max(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void readRows(Instant from, Instant to) {
        String sums =
                "m.window_start, coalesce(c.currency, '') as currency, sum(m.impressions) as"
                        + " impressions, sum(m.clicks) as clicks, sum(m.conversions) as conversions,"
                        + " sum(m.total_cost) as total_cost, sum(m.total_revenue) as total_revenue";
        List<Object> arguments = new ArrayList<>();
        arguments.add(scope.isEntity() ? scope.name() : rows());
        arguments.add(from);
        arguments.add(to);
        String which =
                switch (scope) {
                    case WHOLE -> "";
                    case CATEGORY -> " and coalesce(m.category, 'unknown') = ?";
                    case ADVERTISER, CAMPAIGN, AD -> " and m.entity_id = ?";
                };
        if (scope != Scope.WHOLE) {
            arguments.add(id);
        }
        if (!currency.isEmpty()) {
            arguments.add(currency);
        }
        List<Cell> cells =
                postgres.query(
                        "select "
                                + sums
                                + " from "
                                + window.table()
                                + " m left join "
                                + currencies()
                                + " where m.entity_type = ? and m.window_start >= ? and m.window_start <= ?"
                                + which
                                + (currency.isEmpty() ? "" : " and c.currency = ?")
                                + " group by 1, 2",
                        arguments,
                        row ->
                                new Cell(
                                        PostgresStore.timeOf(row, "window_start"),
                                        row.getString("currency"),
                                        Counts.of(row)));
        known.subMap(from, true, to, true).clear();
        for (Cell cell : cells) {
            known.computeIfAbsent(cell.windowStart, start -> new HashMap<>())
                    .put(cell.currency, cell.counts);
        }
    }

    /** Campaigns know their currency, and an advertiser has that of its campaigns. */
    private String currencies() {
        return scope == Scope.CAMPAIGN
                ? "budget.campaigns c on c.campaign_id = m.entity_id"
                : "(select advertiser_id, max(currency) as currency from budget.campaigns group by"
                        + " advertiser_id) c on c.advertiser_id = "
                        + (scope == Scope.ADVERTISER || scope == Scope.WHOLE
                                ? "m.entity_id"
                                : "m.advertiser_id");
    }

    /** The rows whose sum it is. */
    private String rows() {
        return scope == Scope.WHOLE ? "ADVERTISER" : "AD";
    }

    private Data data(
            StoredWindows.@Nullable Progress progress, @Nullable Instant newest, boolean loading) {
        Set<String> currencies = new TreeSet<>();
        known.values().forEach(cells -> currencies.addAll(cells.keySet()));
        Instant finalBefore = progress == null ? null : progress.finalBefore();
        List<Point> series = new ArrayList<>();
        Instant start = knownFrom;
        while (newest != null && start != null && !start.isAfter(newest)) {
            Counts counts =
                    known.getOrDefault(start, Map.of()).values().stream()
                            .reduce(Counts.NONE, Counts::plus);
            Instant end = start.plus(window.length());
            series.add(
                    new Point(
                            start,
                            currencies.size() > 1 ? counts.withoutMoney() : counts,
                            finalBefore != null && !end.isAfter(finalBefore)));
            start = end;
        }
        return new Data(
                window.length().toSeconds(),
                progress == null ? null : progress.watermark(),
                finalBefore,
                currencies,
                series,
                loading);
    }
}
