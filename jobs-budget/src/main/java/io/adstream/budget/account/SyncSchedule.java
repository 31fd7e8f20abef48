package io.adstream.budget.account;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cuts at which counters are compared: multiples of the interval by the wall clock and, where
 * Redis was started anew, two soon after that.
 *
 * <p>A cut is announced before it comes, so that spend around it can be told apart; its counters
 * are sampled when it comes; it is judged when the stream has passed it by the tolerance. While a
 * regular cut waits for the stream no further one is announced.
 */
final class SyncSchedule {

    /** How long after a loss the counters are looked at once more. */
    static final long SECOND_LOOK_MILLIS = 30_000;

    private final long interval;
    private final long tolerance;
    private final TreeMap<Long, Cut> cuts = new TreeMap<>();
    private long leftOut = Long.MIN_VALUE;

    /** A cut that is waited for. */
    static final class Cut {
        final long time;

        /** Whether counters may have been lost and not been set again when it was sampled. */
        boolean afterLoss;

        boolean sampled;

        Cut(long time, boolean afterLoss) {
            this.time = time;
            this.afterLoss = afterLoss;
        }
    }

    SyncSchedule(long interval, long tolerance) {
        this.interval = interval;
        this.tolerance = tolerance;
    }

    /** The cuts that are waited for, by their time. */
    TreeMap<Long, Cut> cuts() {
        return cuts;
    }

    /** Goes on from a checkpoint; a cut whose moment has passed without a sample is given up. */
    void restore(long time, boolean afterLoss, boolean sampled, long now) {
        if (sampled || time > now) {
            Cut cut = cuts.computeIfAbsent(time, any -> new Cut(any, false));
            cut.afterLoss |= afterLoss;
            cut.sampled |= sampled;
        }
    }

    /**
     * Announces the next regular cut when it is near. One that is very near is left out: the
     * correction of the one before it, for which the stream was waited long, might not be in the
     * counters yet, and spend around it was not told apart.
     *
     * @return whether the next cut is left out, once for each
     */
    boolean announce(long now) {
        long next = Math.floorDiv(now, interval) * interval + interval;
        long ahead = next - now;
        if (ahead > lead() || next == leftOut || cuts.containsKey(next)) {
            return false;
        }
        if (ahead <= lead() / 2) {
            leftOut = next;
            return true;
        }
        if (cuts.keySet().stream().noneMatch(this::isRegular)) {
            cuts.put(next, new Cut(next, cuts.values().stream().anyMatch(cut -> cut.afterLoss)));
        }
        return false;
    }

    private boolean isRegular(long time) {
        return Math.floorMod(time, interval) == 0;
    }

    /**
     * Redis may have lost its counters: they are looked at as soon as it can be done. The loss may
     * be older than a sample that was just taken, so it explains what any waiting cut misses.
     */
    void lost(long now) {
        cuts.values().forEach(cut -> cut.afterLoss = true);
        long first = (now + lead()) / 1000 * 1000;
        cuts.putIfAbsent(first, new Cut(first, true));
        cuts.putIfAbsent(first + SECOND_LOOK_MILLIS, new Cut(first + SECOND_LOOK_MILLIS, true));
    }

    /** The cut whose moment has come, once; null while there is none. */
    @Nullable Cut due(long now) {
        for (Cut cut : cuts.values()) {
            if (!cut.sampled && cut.time <= now) {
                cut.sampled = true;
                return cut;
            }
        }
        return null;
    }

    /** When the next sample is due, epoch milliseconds; {@link Long#MAX_VALUE} where none is. */
    long nextSample() {
        for (Cut cut : cuts.values()) {
            if (!cut.sampled) {
                return cut.time;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Takes out the cuts that a watermark has passed, sampled or not. */
    List<Cut> passed(long watermark) {
        List<Cut> passed = new ArrayList<>();
        while (!cuts.isEmpty() && cuts.firstKey() + tolerance <= watermark) {
            passed.add(cuts.pollFirstEntry().getValue());
        }
        return passed;
    }

    /** How long before it comes a cut is announced, in ms: at least some looks at the clock. */
    private long lead() {
        return Math.min(Math.max(2 * tolerance + 1000, 4000), Math.max(1000, interval / 2));
    }
}
