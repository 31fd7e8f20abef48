package io.adstream.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When the records of one ad were appended to Kafka, and when its live key was seen to count them.
 *
 * <p>A live key says how many events it counts, not which. So the n-th record of a minute, by
 * append time, has its effect when the key is first seen with that minute and a count of at least
 * n; or when the key is first seen with a later minute, which replaces the count that was not seen.
 * A record appended after that belongs to a window that is no longer live, and is left out.
 *
 * <p>Pure. Not safe for threads.
 */
final class Sightings {

    private record Sighting(long at, long minute, long count) {}

    private final Map<Long, List<Long>> appended = new TreeMap<>();
    private final List<Sighting> sightings = new ArrayList<>();

    /** A record that must be counted was appended. */
    void appended(long minute, long at) {
        appended.computeIfAbsent(minute, m -> new ArrayList<>()).add(at);
    }

    /** The live key was read; the reply had come by {@code at}. */
    void seen(long at, long minute, long count) {
        Sighting last = sightings.isEmpty() ? null : sightings.get(sightings.size() - 1);
        if (last == null || last.minute != minute || last.count != count) {
            sightings.add(new Sighting(at, minute, count));
        }
    }

    /** How often records were appended. */
    long records() {
        return appended.values().stream().mapToLong(List::size).sum();
    }

    /**
     * What came out.
     *
     * @param millis from append to effect, of each record that had one
     * @param replaced how many of them only by a later minute
     * @param notLive records of a window that was no longer live
     * @param unseen records that had no effect by the end
     */
    record Outcome(List<Long> millis, long replaced, long notLive, long unseen) {}

    /**
     * The delays of the records appended in a span of time.
     *
     * @param from first append time that counts
     * @param to append time from which on they no longer count
     */
    Outcome between(long from, long to) {
        List<Long> millis = new ArrayList<>();
        long replaced = 0;
        long notLive = 0;
        long unseen = 0;
        for (Map.Entry<Long, List<Long>> entry : appended.entrySet()) {
            long minute = entry.getKey();
            List<Long> times = new ArrayList<>(entry.getValue());
            times.sort(null);
            int next = 0;
            while (next < sightings.size() && sightings.get(next).minute < minute) {
                next++;
            }
            for (int i = 0; i < times.size(); i++) {
                long at = times.get(i);
                while (next < sightings.size()
                        && sightings.get(next).minute == minute
                        && sightings.get(next).count < i + 1) {
                    next++;
                }
                if (at < from || at >= to) {
                    continue;
                }
                if (next == sightings.size()) {
                    unseen++;
                    continue;
                }
                Sighting effect = sightings.get(next);
                if (effect.minute == minute) {
                    millis.add(Math.max(0, effect.at - at));
                } else if (at < effect.at) {
                    millis.add(effect.at - at);
                    replaced++;
                } else {
                    notLive++;
                }
            }
        }
        return new Outcome(millis, replaced, notLive, unseen);
    }
}
