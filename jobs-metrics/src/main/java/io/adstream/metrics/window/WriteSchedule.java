package io.adstream.metrics.window;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides when a key that changed is written: at once if it was quiet for an interval, else an
 * interval after its previous write, and never more writes per second than allowed. What is over
 * the limit waits its turn, so that under load the interval stretches for all keys alike.
 *
 * <p>It also stretches while the job is {@linkplain #behind behind}: to a tenth of the delay. A
 * value that is a minute late does not get better by being written each second, and the job catches
 * up sooner.
 *
 * <p>Pure: time is a parameter. Not safe for threads.
 */
final class WriteSchedule {

    /** How often {@link #tick} wants to be called, in milliseconds. */
    static final long TICK_MILLIS = 10;

    /** The part of the delay by which a value may be later still. */
    private static final int DELAY_SHARE = 10;

    private final long shortestMillis;
    private final long longestMillis;
    private final double writesPerMilli;

    /** Keys by the tick in which they are due; a ring over the longest interval. */
    private final List<ArrayList<ScheduledKey>> ring;

    private final ArrayDeque<ScheduledKey> due = new ArrayDeque<>();
    private long intervalMillis;

    /** The interval at which the keys in the ring were put there, or a shorter one. */
    private long plannedMillis;

    private long currentTick;
    private long creditedAt;
    private double credit;
    private int waiting;

    /**
     * @param shortestMillis the shortest time between two writes of a key
     * @param longestMillis what that time stretches to, at most, while the job is behind
     * @param writesPerSecond how many keys may be written per second
     */
    WriteSchedule(long shortestMillis, long longestMillis, double writesPerSecond) {
        this.shortestMillis = shortestMillis;
        this.longestMillis = Math.max(shortestMillis, longestMillis);
        this.intervalMillis = shortestMillis;
        this.plannedMillis = shortestMillis;
        this.writesPerMilli = writesPerSecond / 1000;
        int ticks = (int) (this.longestMillis / TICK_MILLIS) + 2;
        ring = new ArrayList<>(ticks);
        for (int i = 0; i < ticks; i++) {
            ring.add(new ArrayList<>());
        }
    }

    /** Whether the interval is stretched since the job works off a backlog. */
    boolean isStretched() {
        return intervalMillis > shortestMillis;
    }

    /** Says that a key's value changed. */
    void changed(ScheduledKey key, long now) {
        if (key.waiting) {
            return;
        }
        advance(now);
        key.waiting = true;
        waiting++;
        plan(key, now);
    }

    private void plan(ScheduledKey key, long now) {
        long at = key.writtenAt + intervalMillis;
        // Also where the clock was set back behind the previous write.
        if (at <= now || key.writtenAt > now) {
            due.add(key);
        } else {
            // The tick in which the interval is over; the ring spans every tick that can be.
            long tick = Math.min(-Math.floorDiv(-at, TICK_MILLIS), currentTick + ring.size() - 1);
            ring.get((int) (tick % ring.size())).add(key);
        }
    }

    /**
     * Says how long ago the records arrived that are being counted now.
     *
     * @param delayMillis 0 where the job keeps up
     */
    void behind(long delayMillis, long now) {
        intervalMillis =
                Math.max(shortestMillis, Math.min(longestMillis, delayMillis / DELAY_SHARE));
        if (intervalMillis <= plannedMillis / 2) {
            planAgain(now);
            plannedMillis = intervalMillis;
        } else if (intervalMillis > plannedMillis) {
            plannedMillis = intervalMillis;
        }
    }

    /** The job has caught up: keys that were put off for long are due sooner now. */
    private void planAgain(long now) {
        advance(now);
        List<ScheduledKey> keys = new ArrayList<>();
        for (ArrayList<ScheduledKey> slot : ring) {
            keys.addAll(slot);
            slot.clear();
        }
        for (ScheduledKey key : keys) {
            plan(key, now);
        }
    }

    /** Hands over the keys that may be written now. */
    void tick(long now, Consumer<ScheduledKey> write) {
        advance(now);
        credit =
                Math.min(
                        Math.max(1, writesPerMilli * 1000),
                        credit + Math.max(0, now - creditedAt) * writesPerMilli);
        creditedAt = now;
        while (credit >= 1 && !due.isEmpty()) {
            ScheduledKey key = due.poll();
            credit--;
            waiting--;
            key.waiting = false;
            key.writtenAt = now;
            write.accept(key);
        }
    }

    private void advance(long now) {
        long tick = now / TICK_MILLIS;
        // Also where the clock was set: back by any time, or ahead by more than the ring.
        if (tick < currentTick || tick - currentTick >= ring.size()) {
            ring.forEach(this::moveToDue);
            currentTick = tick;
        }
        while (currentTick < tick) {
            currentTick++;
            moveToDue(ring.get((int) (currentTick % ring.size())));
        }
    }

    private void moveToDue(ArrayList<ScheduledKey> keys) {
        due.addAll(keys);
        keys.clear();
    }

    /** Number of keys that wait. */
    int waiting() {
        return waiting;
    }

    /** Number of keys that are due but over the limit of writes. */
    int overdue() {
        return due.size();
    }

    /**
     * The time between two writes of a key that changes all the time, in milliseconds: the
     * interval, stretched where more keys are due than may be written.
     */
    long effectiveIntervalMillis() {
        return intervalMillis + (long) (due.size() / writesPerMilli);
    }
}
