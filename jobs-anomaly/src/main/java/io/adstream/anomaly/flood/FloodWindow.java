package io.adstream.anomaly.flood;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The clicks of one device or IP, as far as they can still be part of a flood: more than {@code
 * limit} of them with the last less than {@code windowMillis} after the first. Exact, in whatever
 * order they arrive.
 *
 * <p>Pure; changed in place. What a click costs and what is kept is bounded by the limit, not by
 * the number of clicks.
 */
final class FloodWindow {

    static final long MINUTE = 60_000;

    private static final int MAX_SAMPLES = 5;
    private static final int MAX_ADS = 16;

    final TreeMap<Long, MinuteClicks> minutes = new TreeMap<>();
    final Deque<String> samples = new ArrayDeque<>();
    final List<AdShare> ads = new ArrayList<>();

    /** Clicks of ads that found no room among {@link #ads}. */
    int otherClicks;

    /** Clicks before it belong to a flood that is over. */
    long consumedBefore = Long.MIN_VALUE;

    /**
     * A flood.
     *
     * @param first when its first click was
     * @param last when the click was that broke the limit
     */
    record Span(long first, long last) {}

    /** The minute in which a time lies. */
    static long minute(long time) {
        return Math.floorDiv(time, MINUTE) * MINUTE;
    }

    /**
     * Adds a click while no flood is known.
     *
     * @return the flood that there is now, or null
     */
    @Nullable Span add(Click click, int limit, long windowMillis) {
        long time = click.time();
        if (time < consumedBefore) {
            return null;
        }
        remember(click);
        long minute = minute(time);
        minutes.computeIfAbsent(minute, any -> new MinuteClicks())
                .add((int) (time - minute), limit);
        long near = 0;
        for (MinuteClicks clicks :
                minutes.subMap(minute - MINUTE, true, minute + MINUTE, true).values()) {
            near += clicks.count;
        }
        return near <= limit
                ? null
                : earliest(time - windowMillis, time + windowMillis, limit, windowMillis);
    }

    /**
     * Adds a click while a flood goes on.
     *
     * @param boundary when it can be over, at the earliest: the clicks before that only count
     */
    void addToFlood(Click click, int limit, long boundary) {
        long time = click.time();
        if (time < consumedBefore) {
            return;
        }
        long minute = minute(time);
        MinuteClicks clicks = minutes.computeIfAbsent(minute, any -> new MinuteClicks());
        if (minute < boundary) {
            clicks.count();
        } else {
            clicks.add((int) (time - minute), limit);
        }
    }

    private void remember(Click click) {
        if (samples.size() == MAX_SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(click.eventId());
        for (int i = 0; i < ads.size(); i++) {
            if (ads.get(i).adId().equals(click.adId())) {
                ads.set(i, ads.get(i).plusOne());
                return;
            }
        }
        if (ads.size() < MAX_ADS) {
            ads.add(new AdShare(click.adId(), click.campaignId(), click.advertiserId(), 1));
        } else {
            otherClicks++;
        }
    }

    /** The ad that got more than half of the clicks, or null. */
    @Nullable AdShare mainAd() {
        int all = otherClicks;
        for (AdShare ad : ads) {
            all += ad.clicks();
        }
        for (AdShare ad : ads) {
            if (2 * ad.clicks() > all) {
                return ad;
            }
        }
        return null;
    }

    /** Of the floods that the clicks after {@code from} make, the one that is first complete. */
    @Nullable Span earliest(long from, long to, int limit, long windowMillis) {
        long[] newest = new long[limit + 1];
        long seen = 0;
        for (Map.Entry<Long, MinuteClicks> entry :
                minutes.subMap(minute(from), true, minute(to), true).entrySet()) {
            MinuteClicks clicks = entry.getValue();
            for (int i = 0; i < clicks.kept; i++) {
                long time = entry.getKey() + clicks.offsets[i];
                if (time < consumedBefore || time <= from || time >= to) {
                    continue;
                }
                newest[(int) (seen % newest.length)] = time;
                seen++;
                if (seen >= newest.length) {
                    long first = newest[(int) (seen % newest.length)];
                    if (time - first < windowMillis) {
                        return new Span(first, time);
                    }
                }
            }
        }
        return null;
    }

    /** How many clicks a minute has. */
    int clicksIn(long minute) {
        MinuteClicks clicks = minutes.get(minute);
        return clicks == null ? 0 : clicks.count;
    }

    /** Forgets when the clicks before a time were: a flood goes on there. */
    void forgetTimesBefore(long time) {
        minutes.headMap(time, false).values().forEach(MinuteClicks::forgetTimes);
    }

    /** The flood is over: what is before the time cannot be part of another. */
    void consumeBefore(long time) {
        consumedBefore = time;
        minutes.headMap(time, false).clear();
        samples.clear();
        ads.clear();
        otherClicks = 0;
    }

    /** Forgets clicks that no click which may still come can join. */
    void purgeBefore(long time) {
        minutes.headMap(time, false).clear();
        if (minutes.isEmpty()) {
            samples.clear();
            ads.clear();
            otherClicks = 0;
        }
        if (consumedBefore <= time) {
            consumedBefore = Long.MIN_VALUE;
        }
    }

    boolean isEmpty() {
        return minutes.isEmpty() && consumedBefore == Long.MIN_VALUE;
    }
}
