package io.adstream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** A client that holds the stream of the dashboard's page and reads it as it comes. */
final class OpenPage implements Flow.Subscriber<String> {

    /** What the page watches when it is opened. */
    static final List<String> WATCHED =
            List.of(
                    "services",
                    "series?scope=whole&id=&currency=&window=1m&points=60",
                    "live?scope=whole&id=&currency=&window=1m",
                    "alerts?status=all",
                    "budgets?show=all&find=",
                    "top-ads?window=1m&by=impressions",
                    "quality?order=lowest",
                    "attribution?by=campaign&range=1h",
                    "data-quality?minutes=60",
                    "jobs");

    private final AtomicLong characters = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final BiConsumer<OpenPage, String> lines;
    private final CompletableFuture<HttpResponse<Void>> response;
    private String newest = "";

    /**
     * @param lines gets each line as it arrives
     */
    OpenPage(HttpClient http, String dashboard, BiConsumer<OpenPage, String> lines) {
        this.lines = lines;
        String query =
                WATCHED.stream()
                        .map(watch -> "watch=" + URLEncoder.encode(watch, UTF_8))
                        .collect(Collectors.joining("&"));
        this.response =
                http.sendAsync(
                        HttpRequest.newBuilder(URI.create(dashboard + "/api/stream?" + query))
                                .build(),
                        HttpResponse.BodyHandlers.fromLineSubscriber(this));
    }

    /** Whether the page has not seen this before; of what comes one by one. */
    boolean isNews(String id) {
        boolean news = !id.equals(newest);
        newest = id;
        return news;
    }

    long characters() {
        return characters.get();
    }

    long events() {
        return events.get();
    }

    boolean isOpen() {
        return !response.isDone();
    }

    void close() {
        response.cancel(true);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        characters.addAndGet(line.length() + 1L);
        if (line.startsWith("event: ")) {
            events.incrementAndGet();
        }
        lines.accept(this, line);
    }

    @Override
    public void onError(Throwable e) {
        response.completeExceptionally(e);
    }

    @Override
    public void onComplete() {
        response.complete(null);
    }
}
