package io.adstream.testing.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The click floods of a set of clicks, by sorting all of them: an independent count.
 *
 * <p>A flood is complete with the click that makes one more than {@code limit} in less than the
 * window. It is over at the end of the last of so many whole minutes after that click's minute,
 * each with at most {@code calm} clicks. Clicks before that end are part of no other flood.
 */
public final class ExpectedFloods {

    private static final long MINUTE = 60_000;

    /**
     * A click.
     *
     * @param entity the device or the address
     * @param time epoch ms
     */
    public record Click(String entity, long time) {}

    /**
     * A flood.
     *
     * @param entity the device or the address
     * @param breach when the click was that broke the limit
     * @param end when it was over
     */
    public record Flood(String entity, long breach, long end) {}

    private ExpectedFloods() {}

    /** All floods, by entity and time. */
    public static List<Flood> of(
            List<Click> clicks, int limit, long windowMillis, int calm, int calmMinutes) {
        Map<String, List<Long>> byEntity = new TreeMap<>();
        for (Click click : clicks) {
            byEntity.computeIfAbsent(click.entity(), any -> new ArrayList<>()).add(click.time());
        }
        List<Flood> floods = new ArrayList<>();
        byEntity.forEach(
                (entity, times) -> {
                    times.sort(null);
                    int from = 0;
                    for (int last = limit; last < times.size(); last++) {
                        if (last - limit < from
                                || times.get(last) - times.get(last - limit) >= windowMillis) {
                            continue;
                        }
                        long end = end(times, times.get(last), calm, calmMinutes);
                        floods.add(new Flood(entity, times.get(last), end));
                        from = last;
                        while (from < times.size() && times.get(from) < end) {
                            from++;
                        }
                        last = Math.max(last, from - 1);
                    }
                });
        return floods;
    }

    private static long end(List<Long> times, long breach, int calm, int calmMinutes) {
        int inARow = 0;
        long minute = Math.floorDiv(breach, MINUTE) * MINUTE;
        while (inARow < calmMinutes) {
            minute += MINUTE;
            long from = minute;
            long count = times.stream().filter(t -> t >= from && t < from + MINUTE).count();
            inARow = count <= calm ? inARow + 1 : 0;
        }
        return minute + MINUTE;
    }
}
