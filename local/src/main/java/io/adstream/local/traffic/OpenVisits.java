package io.adstream.local.traffic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The visits that go on at the same time: as many as make one last some minutes.
 *
 * @param <V> what is known of a visit
 */
final class OpenVisits<V> {

    private final List<@Nullable V> visits;
    private final int meanEvents;
    private final Supplier<V> arrival;
    private final SplittableRandom random;

    /**
     * @param rate events of all visits per second
     * @param meanEvents how many events a visit has in the mean
     * @param arrival begins a visit
     */
    OpenVisits(double rate, int meanEvents, Supplier<V> arrival, SplittableRandom random) {
        int places = (int) Math.max(20, Math.min(50_000, Math.round(rate * 30)));
        visits = new ArrayList<>(Collections.nCopies(places, null));
        this.meanEvents = meanEvents;
        this.arrival = arrival;
        this.random = random;
    }

    /** The visit that the next event is of; now and then it ends, and a new one takes its place. */
    V next() {
        int place = random.nextInt(visits.size());
        V visit = visits.get(place);
        if (visit == null || random.nextInt(meanEvents) == 0) {
            visit = arrival.get();
            visits.set(place, visit);
        }
        return visit;
    }
}
