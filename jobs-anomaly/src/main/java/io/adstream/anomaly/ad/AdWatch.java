package io.adstream.anomaly.ad;

import io.adstream.anomaly.rule.Rule;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one ad: its latest minutes, and what is usual for it. Minutes become part of
 * what is usual when they can no longer change, unless they were part of an incident or suspect.
 *
 * <p>Pure; changed in place. Minutes are named by their start, epoch ms.
 */
final class AdWatch {

    static final long MINUTE = 60_000;

    /** Minutes of a CVR. */
    static final int CVR_MINUTES = 10;

    final TreeMap<Long, MinuteCounts> recent = new TreeMap<>();
    final Usual ctr = new Usual();
    final Usual cvr = new Usual();
    final Suspicion suspicion = new Suspicion();
    String campaignId = "";
    String advertiserId = "";

    /** Minutes before it have been judged. */
    long judgedBefore = Long.MIN_VALUE;

    long newestEvent = Long.MIN_VALUE;

    /** Adds what happened in a minute. */
    void add(AdMinute delta) {
        MinuteCounts counts = recent.computeIfAbsent(delta.minute(), any -> new MinuteCounts());
        counts.impressions += delta.impressions();
        counts.clicks += delta.clicks();
        counts.conversions += delta.conversions();
        delta.clickIds().forEach(counts.clickIds::add);
        if (delta.minute() < judgedBefore) {
            counts.flags |= MinuteCounts.AMENDED;
        }
        if (delta.minute() >= newestEvent) {
            newestEvent = delta.minute();
            campaignId = delta.campaignId();
            advertiserId = delta.advertiserId();
        }
    }

    /** The usual CTR before a minute. */
    Usual usualCtr(long minute, double halfLife) {
        Usual usual = ctr.at(minute, halfLife);
        for (Map.Entry<Long, MinuteCounts> entry : recent.headMap(minute, false).entrySet()) {
            MinuteCounts counts = entry.getValue();
            if (!counts.has(MinuteCounts.LEFT_OUT_OF_CTR)) {
                include(usual, entry.getKey(), counts.impressions, counts.clicks, halfLife);
            }
        }
        return usual;
    }

    /** The usual CVR before the ten minutes that end with a minute. */
    Usual usualCvr(long minute, double halfLife) {
        Usual usual = cvr.at(minute, halfLife);
        for (Map.Entry<Long, MinuteCounts> entry :
                recent.headMap(firstOfTen(minute), false).entrySet()) {
            MinuteCounts counts = entry.getValue();
            if (!counts.has(MinuteCounts.LEFT_OUT_OF_CVR)) {
                include(usual, entry.getKey(), counts.clicks, counts.conversions, halfLife);
            }
        }
        return usual;
    }

    private static void include(
            Usual usual, long minute, long trials, long successes, double halfLife) {
        Usual one = new Usual();
        one.add(minute, trials, successes, halfLife);
        Usual now = one.at(usual.minute, halfLife);
        usual.trials += now.trials;
        usual.successes += now.successes;
        usual.weight += now.weight;
    }

    static long firstOfTen(long minute) {
        return minute - (CVR_MINUTES - 1) * MINUTE;
    }

    /** The counts of a minute, zero where nothing happened. */
    MinuteCounts at(long minute) {
        MinuteCounts counts = recent.get(minute);
        return counts == null ? new MinuteCounts() : counts;
    }

    /** The ids of a minute have served when it has been judged. */
    void forgetClickIds(long minute) {
        at(minute).clickIds.clear();
    }

    /** Clicks and conversions of the ten minutes that end with a minute. */
    long[] lastTen(long minute) {
        long clicks = 0;
        long conversions = 0;
        for (MinuteCounts counts : recent.subMap(firstOfTen(minute), true, minute, true).values()) {
            clicks += counts.clicks;
            conversions += counts.conversions;
        }
        return new long[] {clicks, conversions};
    }

    /** Keeps minutes out of what is usual. */
    void leaveOut(int flag, long from, long to) {
        for (MinuteCounts counts : recent.subMap(from, true, to, true).values()) {
            counts.flags |= flag;
        }
    }

    /** Takes the oldest minute into what is usual, if it is before a time. */
    void foldOldest(long before, Rule ctrRule, Rule cvrRule) {
        Map.Entry<Long, MinuteCounts> oldest = recent.firstEntry();
        if (oldest == null || oldest.getKey() >= before) {
            return;
        }
        long minute = oldest.getKey();
        MinuteCounts counts = oldest.getValue();
        recent.remove(minute);
        if (!counts.has(MinuteCounts.LEFT_OUT_OF_CTR)) {
            fold(ctr, minute, counts.impressions, counts.clicks, ctrRule);
        }
        if (!counts.has(MinuteCounts.LEFT_OUT_OF_CVR)) {
            fold(cvr, minute, counts.clicks, counts.conversions, cvrRule);
        }
    }

    private static void fold(Usual usual, long minute, long trials, long successes, Rule rule) {
        double halfLife = rule.number("half_life_minutes");
        if (usual.weight == 0 || minute >= usual.minute) {
            usual.add(minute, trials, successes, halfLife);
        } else {
            include(usual, minute, trials, successes, halfLife);
        }
    }
}
