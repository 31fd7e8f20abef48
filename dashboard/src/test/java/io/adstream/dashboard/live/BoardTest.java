package io.adstream.dashboard.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.dashboard.store.StoreException;
import io.adstream.dashboard.store.StoreExceptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoardTest {

    private static final Instant GONE = Instant.parse("2026-11-20T10:00:00Z");

    private final Board board = new Board();
    private final AtomicReference<Supplier<Content>> shown =
            new AtomicReference<>(() -> Content.of(Map.of("number", 1), false));
    private final AtomicInteger reads = new AtomicInteger();
    private final Map<String, Integer> readsOfId = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        board.start();
    }

    @AfterEach
    void stop() {
        board.close();
    }

    @Test
    void readsOnceForAllWhoAsk() throws IOException {
        Query query = query(Duration.ofMinutes(1));

        JsonNode first = ask(query);
        for (int i = 0; i < 100; i++) {
            ask(query(Duration.ofMinutes(1)));
        }

        assertThat(reads).hasValue(1);
        assertThat(first.path("view").asText()).isEqualTo("thing");
        assertThat(first.path("state").asText()).isEqualTo("OK");
        assertThat(first.path("data").path("number").asInt()).isEqualTo(1);
        assertThat(first.path("since").isNull()).isTrue();
    }

    @Test
    void keepsFreshWhatIsAskedForAgainAndNotWhatIsLookedUpOnce() {
        View view = view(Duration.ofMillis(20));
        board.ask(Query.of(view, Map.of("id", "once")));
        board.ask(Query.of(view, Map.of("id", "again")));
        board.ask(Query.of(view, Map.of("id", "again")));

        await().until(() -> readsOfId.get("again") > 5);
        assertThat(readsOfId).containsEntry("once", 1);
    }

    @Test
    void tellsOfChangesAndOfNothingElse() {
        List<Snapshot> told = Collections.synchronizedList(new ArrayList<>());
        Runnable leave = board.watch(query(Duration.ofMillis(20)), told::add);

        await().until(() -> reads.get() > 5);
        assertThat(told).hasSize(1);

        shown.set(() -> Content.of(Map.of("number", 2), false));
        await().untilAsserted(() -> assertThat(told).hasSize(2));
        assertThat(new String(told.get(1).event(), UTF_8))
                .startsWith("event: thing\ndata: {")
                .contains("\"number\":2")
                .endsWith("}\n\n");
        assertThat(told.get(1).version()).isGreaterThan(told.get(0).version());

        leave.run();
        shown.set(() -> Content.of(Map.of("number", 3), false));
        int now = reads.get();
        // The one that was asked a moment ago is still read for a while, but nobody is told.
        await().until(() -> reads.get() > now + 3);
        assertThat(told).hasSize(2);
    }

    @Test
    void showsWhatItReadBeforeWhileAServiceIsAwayAndSaysSinceWhen() throws IOException {
        Query query = query(Duration.ofMillis(20));
        String asOf = ask(query).path("as_of").asText();

        shown.set(
                () -> {
                    throw away();
                });
        await().untilAsserted(() -> assertThat(state(query)).isEqualTo("STALE"));
        JsonNode stale = ask(query);
        assertThat(stale.path("data").path("number").asInt()).isEqualTo(1);
        assertThat(stale.path("since").asText()).isEqualTo("2026-11-20T10:00:00.000Z");
        assertThat(stale.path("reasons").get(0).asText()).isEqualTo("Redis is away: gone");
        assertThat(stale.path("as_of").asText()).isGreaterThanOrEqualTo(asOf);

        shown.set(() -> Content.of(List.of(), true));
        await().untilAsserted(() -> assertThat(state(query)).isEqualTo("EMPTY"));
        assertThat(ask(query).path("reasons")).isEmpty();
    }

    @Test
    void hasNothingToShowWhereAServiceWasNeverThere() throws IOException {
        shown.set(
                () -> {
                    throw away();
                });

        JsonNode away = ask(query(Duration.ofMillis(20)));

        assertThat(away.path("state").asText()).isEqualTo("AWAY");
        assertThat(away.path("data").isNull()).isTrue();
        assertThat(away.path("as_of").isNull()).isTrue();
    }

    @Test
    void aFailureOfTheDashboardItselfIsSaidAndOutlived() throws IOException {
        Query query = query(Duration.ofMillis(20));
        shown.set(
                () -> {
                    throw new IllegalStateException("a bug that the test makes");
                });

        JsonNode failed = ask(query);
        assertThat(failed.path("state").asText()).isEqualTo("AWAY");
        assertThat(failed.path("reasons").get(0).asText())
                .contains("the dashboard failed")
                .doesNotContain("bug");

        shown.set(() -> Content.of(Map.of("number", 1), false));
        await().untilAsserted(() -> assertThat(state(query)).isEqualTo("OK"));
    }

    @Test
    void whoComesWhileManyWaitIsToldToComeAgain() throws InterruptedException {
        View view = view(Duration.ofMinutes(1));
        Query known = Query.of(view, Map.of("id", "known"));
        board.ask(known);
        CompletableFuture<Content> answer = new CompletableFuture<>();
        shown.set(answer::join);
        ExecutorService many = Executors.newFixedThreadPool(Board.MOST_WAITING);
        try {
            for (int i = 0; i < Board.MOST_WAITING; i++) {
                Query slow = Query.of(view, Map.of("id", "slow-" + i));
                many.execute(() -> board.ask(slow));
            }
            await().until(() -> board.waiting() == Board.MOST_WAITING);

            Query late = Query.of(view, Map.of("id", "late"));
            assertThat(board.ask(late)).isEmpty();
            assertThat(board.ask(known)).isPresent();
            answer.complete(Content.of(Map.of("number", 2), false));
            await().until(() -> board.ask(late).isPresent());
        } finally {
            answer.complete(Content.of(Map.of("number", 2), false));
            many.shutdown();
            assertThat(many.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(board.waiting()).isZero();
    }

    @Test
    void forgetsTheOldestQueriesBeforeTheyBecomeMany() {
        Runnable leave = board.watch(query(Duration.ofMinutes(1)), snapshot -> {});
        for (int i = 0; i < 1_200; i++) {
            board.ask(Query.of(view(Duration.ofMinutes(1)), Map.of("id", "id-" + i)));
        }

        assertThat(board.size()).isLessThanOrEqualTo(1_001);
        int before = reads.get();
        board.ask(query(Duration.ofMinutes(1)));
        assertThat(reads).as("what is watched is kept").hasValue(before);
        leave.run();
    }

    private static StoreException away() {
        return StoreExceptions.away("gone", GONE);
    }

    private String state(Query query) throws IOException {
        return ask(query).path("state").asText();
    }

    private JsonNode ask(Query query) throws IOException {
        return new ObjectMapper().readTree(board.ask(query).orElseThrow().json());
    }

    private Query query(Duration interval) {
        return Query.of(view(interval), Map.of());
    }

    private View view(Duration interval) {
        return new Thing(this, interval);
    }

    /** Equal where it is the same thing, as the views of the page are. */
    private record Thing(BoardTest test, Duration every) implements View {
        @Override
        public String name() {
            return "thing";
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(Parameter.text("id"));
        }

        @Override
        public Duration interval(Query query) {
            return every;
        }

        @Override
        public Loader open(Query query) {
            return () -> {
                test.reads.incrementAndGet();
                test.readsOfId.merge(query.text("id"), 1, Integer::sum);
                return test.shown.get().get();
            };
        }
    }
}
