package io.adstream.anomaly.platform;

import io.adstream.anomaly.ad.Chance;
import io.adstream.anomaly.ad.Usual;
import io.adstream.anomaly.rule.Rule;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether conversions arrive at all: the latest minutes of the whole platform, and what is usual
 * for it. Pure; changed in place. Minutes are named by their start, epoch ms.
 */
final class PlatformWatch {

    static final long MINUTE = 60_000;

    /** Minutes that are looked back at. */
    static final int KEPT = 60;

    final TreeMap<Long, Counts> recent = new TreeMap<>();
    final Usual usual = new Usual();
    long judgedBefore = Long.MIN_VALUE;

    /** What happened in a minute. */
    static final class Counts {
        long clicks;
        long conversions;
        boolean leftOut;
    }

    /**
     * A silence.
     *
     * @param since start of its first minute
     * @param minutes how many it lasts
     * @param clicks clicks in them
     * @param expected how many conversions they would have
     */
    record Silence(long since, long minutes, long clicks, double expected) {}

    void add(long minute, long clicks, long conversions) {
        Counts counts = recent.computeIfAbsent(minute, any -> new Counts());
        counts.clicks += clicks;
        counts.conversions += conversions;
    }

    Counts at(long minute) {
        Counts counts = recent.get(minute);
        return counts == null ? new Counts() : counts;
    }

    /** What is usual before a minute. */
    private Usual usualBefore(long minute, double halfLife) {
        Usual before = new Usual();
        if (usual.trialsPerMinute() > 0) {
            before = usual.at(minute, halfLife);
        }
        // The newest an hour at most: summed in order, so that the sum is always the same.
        Usual recently = new Usual();
        for (Map.Entry<Long, Counts> entry : recent.headMap(minute, false).entrySet()) {
            Counts counts = entry.getValue();
            if (!counts.leftOut) {
                recently.add(entry.getKey(), counts.clicks, counts.conversions, halfLife);
            }
        }
        return before.plus(recently.at(minute, halfLife));
    }

    /** The silence that a minute ends, if it is beyond chance; else null. */
    @Nullable Silence silence(long minute, Rule rule) {
        long since = minute + MINUTE;
        long clicks = 0;
        long minutes = 0;
        while (minutes < KEPT
                && !recent.headMap(since, false).isEmpty()
                && at(since - MINUTE).conversions == 0) {
            since -= MINUTE;
            minutes++;
            clicks += at(since).clicks;
        }
        if (minutes < rule.whole("min_minutes") || clicks < rule.whole("min_clicks")) {
            return null;
        }
        Usual before = usualBefore(since, rule.number("half_life_minutes"));
        if (before.successes() < rule.whole("learning_conversions")) {
            return null;
        }
        // Clicks of a surge have no conversions to be expected yet.
        double counted = Math.min((double) clicks, minutes * before.trialsPerMinute());
        double chance = Chance.atMost(0, counted, before.successes(), before.trials());
        return chance < rule.number("max_chance")
                ? new Silence(since, minutes, clicks, counted * before.rate())
                : null;
    }

    /** Keeps minutes out of what is usual. */
    void leaveOut(long from, long to) {
        recent.subMap(from, true, to, true).values().forEach(counts -> counts.leftOut = true);
    }

    /** Makes minutes that are no longer looked back at part of what is usual. */
    void fold(long minute, double halfLife) {
        Map.Entry<Long, Counts> oldest = recent.firstEntry();
        while (oldest != null && oldest.getKey() <= minute - KEPT * MINUTE) {
            Counts counts = oldest.getValue();
            if (!counts.leftOut) {
                usual.add(oldest.getKey(), counts.clicks, counts.conversions, halfLife);
            }
            recent.remove(oldest.getKey());
            oldest = recent.firstEntry();
        }
    }
}
