package io.adstream.dashboard.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.adstream.dashboard.live.Content;
import io.adstream.dashboard.live.Parameter;
import io.adstream.dashboard.live.Query;
import io.adstream.dashboard.live.Trouble;
import io.adstream.dashboard.live.View;
import io.adstream.dashboard.store.RedisStore;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The window that is still open, and the newest one that is closed, as Redis has them. The whole is
 * the sum of the advertisers; categories have no keys and so no live window.
 */
final class LiveWindowView implements View {

    private final RedisStore redis;
    private final Advertisers advertisers;

    LiveWindowView(RedisStore redis, Advertisers advertisers) {
        this.redis = redis;
        this.advertisers = advertisers;
    }

    /** What a key holds, or several of the same window together. */
    record OpenWindow(
            Instant windowStart,
            Instant windowEnd,
            @JsonUnwrapped Counts counts,
            @Nullable Instant updatedAt) {}

    /**
     * What is shown.
     *
     * @param currencies those of the sums; several make money null
     */
    record Data(@Nullable OpenWindow live, @Nullable OpenWindow closed, Set<String> currencies) {}

    @Override
    public String name() {
        return "live";
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.concat(Scope.PARAMETERS.stream(), Stream.of(Window.PARAMETER)).toList();
    }

    @Override
    public void check(Query query) {
        Scope.check(query);
    }

    @Override
    public Duration interval(Query query) {
        return Duration.ofMillis(400);
    }

    @Override
    public Loader open(Query query) {
        Scope scope = Scope.of(query);
        Window window = Window.of(query);
        if (scope == Scope.CATEGORY) {
            return () -> Content.of(new Data(null, null, Set.of()), true);
        }
        String currency = query.text(Scope.CURRENCY.name());
        return () -> {
            List<Trouble> troubles = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            Set<String> currencies = new TreeSet<>();
            if (scope == Scope.WHOLE) {
                Map<String, String> known = advertisers.currencies(troubles);
                if (!known.isEmpty()) {
                    // Whoever they were a moment ago is good enough: the numbers are Redis'.
                    troubles.clear();
                }
                known.forEach(
                        (id, of) -> {
                            if (currency.isEmpty() || currency.equals(of)) {
                                ids.add(id);
                                currencies.add(of);
                            }
                        });
            } else {
                ids.add(query.text(Scope.ID.name()));
            }
            String prefix = scope == Scope.WHOLE ? "advertiser" : scope.prefix();
            List<String> keys = new ArrayList<>();
            ids.forEach(id -> keys.add(prefix + ":" + id + ":metrics:" + window.text()));
            int closed = keys.size();
            ids.forEach(id -> keys.add(prefix + ":" + id + ":metrics:" + window.text() + ":live"));
            List<Map<String, String>> hashes = redis.hashes(keys);
            boolean mixed = currencies.size() > 1;
            Data data =
                    new Data(
                            newest(hashes.subList(closed, hashes.size()), mixed),
                            newest(hashes.subList(0, closed), mixed),
                            currencies);
            return new Content(data, data.live == null && data.closed == null, troubles);
        };
    }

    /** The sum over the hashes of the newest window among them. */
    private static @Nullable OpenWindow newest(List<Map<String, String>> hashes, boolean mixed) {
        OpenWindow sum = null;
        for (Map<String, String> hash : hashes) {
            OpenWindow window = read(hash);
            if (window == null || (sum != null && window.windowStart.isBefore(sum.windowStart))) {
                continue;
            }
            sum =
                    sum == null || window.windowStart.isAfter(sum.windowStart)
                            ? window
                            : new OpenWindow(
                                    sum.windowStart,
                                    sum.windowEnd,
                                    sum.counts.plus(window.counts),
                                    later(sum.updatedAt, window.updatedAt));
        }
        return sum == null || !mixed
                ? sum
                : new OpenWindow(
                        sum.windowStart, sum.windowEnd, sum.counts.withoutMoney(), sum.updatedAt);
    }

    /** Null where the key is absent or does not hold a window. */
    static @Nullable OpenWindow read(Map<String, String> hash) {
        Instant start = time(hash, "window_start");
        Instant end = time(hash, "window_end");
        return start == null || end == null
                ? null
                : new OpenWindow(start, end, Counts.of(hash), time(hash, "updated_at"));
    }

    /** A field that is a time; null where it is absent or none. */
    static @Nullable Instant time(Map<String, String> hash, String field) {
        String text = hash.get(field);
        try {
            return text == null || text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }
}
