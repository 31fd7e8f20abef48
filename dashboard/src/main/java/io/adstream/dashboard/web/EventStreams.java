package io.adstream.dashboard.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.dashboard.live.BadParameterException;
import io.adstream.dashboard.live.Board;
import io.adstream.dashboard.live.Query;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * {@code GET /api/stream?watch=…&watch=…}: server-sent events. Each {@code watch} is a call of the
 * interface without {@code /api/}, such as {@code budgets?show=paused}; its answer is sent at once
 * and after each change, as an event of the view's name. Every two seconds an event {@code beat}
 * says that all is well.
 */
final class EventStreams implements AutoCloseable {

    private static final int MOST_WATCHED = 20;
    private static final Duration BEAT = Duration.ofSeconds(2);
    private static final byte[] HELLO = "retry: 2000\n\n".getBytes(UTF_8);

    private final Board board;
    private final int most;
    private final Function<String, Query> queries;
    private final Set<EventClient> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger taken = new AtomicInteger();
    private final ScheduledExecutorService beats =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "beats");
                        thread.setDaemon(true);
                        return thread;
                    });

    /**
     * @param most clients at the same time
     * @param queries reads what is watched
     */
    EventStreams(Board board, int most, Function<String, Query> queries) {
        this.board = board;
        this.most = most;
        this.queries = queries;
        Future<?> unused =
                beats.scheduleAtFixedRate(
                        this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many clients there are. */
    int size() {
        return taken.get();
    }

    void open(Context context) {
        Set<Query> watched = new LinkedHashSet<>();
        for (String watch : context.queryParams("watch")) {
            watched.add(queries.apply(watch));
        }
        if (watched.isEmpty() || watched.size() > MOST_WATCHED) {
            throw new BadParameterException(
                    "watch", "allowed are 1 to " + MOST_WATCHED + " different ones");
        }
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            context.status(HttpStatus.SERVICE_UNAVAILABLE).header("Retry-After", "10");
            WebServer.error(context, "TOO_MANY_STREAMS", null, "Too many pages are open already.");
            return;
        }
        context.res().setContentType("text/event-stream");
        context.res().setCharacterEncoding("UTF-8");
        context.res().setHeader("Cache-Control", "no-store");
        // Told to proxies that would gather what is sent.
        context.res().setHeader("X-Accel-Buffering", "no");
        context.future(() -> start(context, watched).ended());
    }

    private EventClient start(Context context, Set<Query> watched) {
        EventClient client = new EventClient(output(context));
        List<Runnable> watches = new ArrayList<>();
        clients.add(client);
        CompletableFuture<Void> unused =
                client.ended()
                        .thenRun(
                                () -> {
                                    clients.remove(client);
                                    taken.decrementAndGet();
                                    leave(watches);
                                });
        try {
            client.begin();
            client.note(HELLO);
            for (Query query : watched) {
                Runnable leave = board.watch(query, client::offer);
                synchronized (watches) {
                    watches.add(leave);
                }
            }
        } catch (RuntimeException e) {
            client.end();
            throw e;
        }
        if (client.ended().isDone()) {
            leave(watches);
        }
        return client;
    }

    private static void leave(List<Runnable> watches) {
        synchronized (watches) {
            watches.forEach(Runnable::run);
            watches.clear();
        }
    }

    private ServletOutputStream output(Context context) {
        try {
            return context.res().getOutputStream();
        } catch (IOException e) {
            taken.decrementAndGet();
            throw new UncheckedIOException(e);
        }
    }

    private void beat() {
        byte[] event =
                ("event: beat\ndata: {\"at\":\"" + Instant.now() + "\"}\n\n").getBytes(UTF_8);
        clients.forEach(client -> client.note(event));
    }

    @Override
    public void close() {
        beats.shutdownNow();
        clients.forEach(EventClient::end);
    }
}
