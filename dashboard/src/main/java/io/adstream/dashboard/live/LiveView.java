package io.adstream.dashboard.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.dashboard.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One query and what is known of it, for all who look at it. */
final class LiveView {

    private static final Logger LOG = LoggerFactory.getLogger(LiveView.class);

    /** How a view is, towards people. */
    enum State {
        /** All of it is the newest. */
        OK,
        /** All services answered, and there is nothing. */
        EMPTY,
        /** What was read before, or a part of it. */
        STALE,
        /** There is nothing to show, and a reason. */
        AWAY
    }

    private final Query query;
    private final View.Loader loader;
    private final Set<Consumer<Snapshot>> listeners = new CopyOnWriteArraySet<>();
    private final long intervalNanos;

    private volatile long askedAt = System.nanoTime();
    private volatile boolean asked;
    private volatile boolean askedAgain;
    private volatile long startedAt;
    private volatile long finishedAt;
    private volatile @Nullable Snapshot snapshot;
    private @Nullable CompletableFuture<Snapshot> running;

    // Of the thread that reads.
    private byte[] data = "null".getBytes(UTF_8);
    private boolean hasData;
    private boolean empty;
    private @Nullable Instant asOf;
    private @Nullable Instant failingSince;
    private byte[] head = new byte[0];
    private long version;

    LiveView(Query query) {
        this.query = query;
        this.loader = query.view().open(query);
        Duration interval = query.view().interval(query);
        this.intervalNanos = interval.toNanos();
        this.startedAt = System.nanoTime() - intervalNanos;
        this.finishedAt = startedAt;
    }

    /**
     * Notes that somebody wants it.
     *
     * @param soon what is asked for again within this time is asked for regularly
     */
    void ask(long soon) {
        long now = System.nanoTime();
        askedAgain = asked && now - askedAt < soon;
        asked = true;
        askedAt = now;
    }

    /** Whether somebody comes back for it; most ids are looked up once. */
    boolean isAskedRegularly() {
        return askedAgain;
    }

    long askedAt() {
        return askedAt;
    }

    boolean isWatched() {
        return !listeners.isEmpty();
    }

    void listen(Consumer<Snapshot> listener) {
        listeners.add(listener);
    }

    void leave(Consumer<Snapshot> listener) {
        listeners.remove(listener);
    }

    @Nullable Snapshot snapshot() {
        return snapshot;
    }

    boolean isDue(long now) {
        return now - startedAt >= intervalNanos;
    }

    /** Whether what is known is as new as those who look at it are used to. */
    boolean isFresh(long now) {
        return snapshot != null && now - finishedAt < 2 * intervalNanos;
    }

    /** Reads, unless somebody does already; the future ends with what was read. */
    CompletableFuture<Snapshot> refresh(Executor executor) {
        CompletableFuture<Snapshot> mine;
        synchronized (this) {
            if (running != null) {
                return running;
            }
            mine = new CompletableFuture<>();
            running = mine;
            startedAt = System.nanoTime();
        }
        executor.execute(
                () -> {
                    try {
                        mine.complete(read());
                    } catch (RuntimeException | Error e) {
                        LOG.error("{} cannot be read", query, e);
                        mine.completeExceptionally(e);
                    } finally {
                        finishedAt = System.nanoTime();
                        synchronized (this) {
                            running = null;
                        }
                    }
                });
        return mine;
    }

    /** Reads, unless somebody does already, and tells the listeners alone. */
    void refreshSoon(Executor executor) {
        CompletableFuture<Snapshot> unused = refresh(executor);
    }

    private Snapshot read() {
        List<Trouble> troubles;
        byte[] before = data;
        try {
            Content content = loader.load();
            data = Json.bytes(content.data());
            hasData = true;
            empty = content.empty();
            troubles = content.troubles();
            if (troubles.isEmpty()) {
                asOf = Instant.now();
            }
        } catch (StoreException e) {
            troubles = List.of(new Trouble(String.valueOf(e.getMessage()), e.since()));
        } catch (RuntimeException e) {
            LOG.error("{} cannot be read", query, e);
            troubles = List.of(new Trouble("the dashboard failed; its log says why", null));
        }
        byte[] newHead = head(troubles);
        Snapshot last = snapshot;
        if (last != null && Arrays.equals(head, newHead) && Arrays.equals(before, data)) {
            return last;
        }
        head = newHead;
        Snapshot next = new Snapshot(query, ++version, envelope());
        snapshot = next;
        listeners.forEach(listener -> listener.accept(next));
        return next;
    }

    /** All but the data and the time at which it was read, which alone is no change. */
    private byte[] head(List<Trouble> troubles) {
        if (troubles.isEmpty()) {
            failingSince = null;
        } else if (failingSince == null) {
            failingSince = Instant.now();
        }
        Instant now = Objects.requireNonNullElseGet(failingSince, Instant::now);
        Map<String, @Nullable Object> head = new LinkedHashMap<>();
        head.put("view", query.view().name());
        head.put("parameters", parameters());
        head.put("state", state(troubles));
        head.put(
                "since",
                troubles.stream()
                        .map(trouble -> trouble.since() == null ? now : trouble.since())
                        .min(Comparator.naturalOrder())
                        .orElse(null));
        head.put("reasons", troubles.stream().map(Trouble::reason).distinct().toList());
        return Json.bytes(head);
    }

    private Map<String, String> parameters() {
        Map<String, String> inOrder = new LinkedHashMap<>();
        query.view().parameters().forEach(p -> inOrder.put(p.name(), query.text(p.name())));
        return inOrder;
    }

    private State state(List<Trouble> troubles) {
        if (!troubles.isEmpty()) {
            return hasData ? State.STALE : State.AWAY;
        }
        return empty ? State.EMPTY : State.OK;
    }

    /** The head with {@code as_of} and {@code data} behind it. */
    private byte[] envelope() {
        ByteArrayOutputStream json = new ByteArrayOutputStream(head.length + data.length + 64);
        json.write(head, 0, head.length - 1);
        List<byte[]> rest = new ArrayList<>();
        rest.add(",\"as_of\":".getBytes(UTF_8));
        rest.add(asOf == null ? "null".getBytes(UTF_8) : Json.bytes(asOf));
        rest.add(",\"data\":".getBytes(UTF_8));
        rest.add(data);
        rest.add("}".getBytes(UTF_8));
        rest.forEach(json::writeBytes);
        return json.toByteArray();
    }
}
