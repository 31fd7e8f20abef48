package io.adstream.dashboard.live;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every query that somebody looks at fresh: it is read once per interval, however many look
 * at it, and those who watch it are told when it changed. A query that nobody asks for again is not
 * read, and forgotten after a while.
 */
public final class Board implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Board.class);

    private static final int READERS = 8;
    private static final int MOST_QUERIES = 1_000;
    private static final long TICK_MILLIS = 50;
    private static final long KEPT_FRESH = Duration.ofSeconds(5).toNanos();
    private static final long KEPT = Duration.ofSeconds(60).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration PATIENCE_WHERE_KNOWN = Duration.ofSeconds(1);

    /** Fewer than the server has threads: slow stores must not keep it from answering others. */
    static final int MOST_WAITING = 24;

    private final Map<Query, LiveView> views = new ConcurrentHashMap<>();
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final ExecutorService readers =
            Executors.newFixedThreadPool(READERS, daemons("reader-"));
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(daemons("ticker-"));

    /** Begins to keep queries fresh. */
    public void start() {
        Future<?> unused =
                ticker.scheduleAtFixedRate(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Reads everything that is watched anew, since a service came or went. */
    public void refreshAll() {
        long now = System.nanoTime();
        views.values().stream()
                .filter(view -> isWanted(view, now))
                .forEach(view -> view.refreshSoon(readers));
    }

    /**
     * What a query shows now; read first where it is not known or not fresh.
     *
     * @return empty where that takes too long, or too many wait already, and nothing was read
     *     before
     */
    public Optional<Snapshot> ask(Query query) {
        LiveView view = find(query, found -> {});
        Snapshot known = view.snapshot();
        if (known != null && view.isFresh(System.nanoTime())) {
            return Optional.of(known);
        }
        if (!waiting.tryAcquire()) {
            view.refreshSoon(readers);
            return Optional.ofNullable(known);
        }
        Duration patience = known == null ? PATIENCE : PATIENCE_WHERE_KNOWN;
        try {
            return Optional.of(
                    view.refresh(readers).get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.ofNullable(view.snapshot());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.ofNullable(known);
        } finally {
            waiting.release();
        }
    }

    /** How many wait for something to be read. */
    int waiting() {
        return MOST_WAITING - waiting.availablePermits();
    }

    /**
     * Tells a listener what a query shows, now and after each change.
     *
     * @return ends it
     */
    public Runnable watch(Query query, Consumer<Snapshot> listener) {
        LiveView view = find(query, found -> found.listen(listener));
        Snapshot known = view.snapshot();
        if (known != null) {
            listener.accept(known);
        }
        view.refreshSoon(readers);
        return () -> view.leave(listener);
    }

    /** How many queries are known. */
    public int size() {
        return views.size();
    }

    /** A view is found and marked as wanted in one step, so that it is not forgotten in between. */
    private LiveView find(Query query, Consumer<LiveView> mark) {
        LiveView wanted =
                views.compute(
                        query,
                        (key, known) -> {
                            LiveView view = known == null ? new LiveView(key) : known;
                            view.ask(KEPT_FRESH);
                            mark.accept(view);
                            return view;
                        });
        if (views.size() > MOST_QUERIES) {
            views.entrySet().stream()
                    .filter(entry -> entry.getValue() != wanted)
                    .min(Comparator.comparingLong(entry -> entry.getValue().askedAt()))
                    .ifPresent(oldest -> forget(oldest.getKey(), 0));
        }
        return wanted;
    }

    private void forget(Query query, long idleNanos) {
        views.computeIfPresent(
                query,
                (key, view) ->
                        view.isWatched() || System.nanoTime() - view.askedAt() < idleNanos
                                ? view
                                : null);
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            views.forEach(
                    (query, view) -> {
                        long idle = now - view.askedAt();
                        if (view.isWatched()) {
                            view.ask(KEPT_FRESH);
                        } else if (idle > KEPT) {
                            forget(query, KEPT);
                            return;
                        }
                        if (isWanted(view, now) && view.isDue(now)) {
                            view.refreshSoon(readers);
                        }
                    });
        } catch (RuntimeException e) {
            LOG.error("A round of reading failed", e);
        }
    }

    private static boolean isWanted(LiveView view, long now) {
        return view.isWatched() || (view.isAskedRegularly() && now - view.askedAt() < KEPT_FRESH);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        readers.shutdownNow();
    }
}
