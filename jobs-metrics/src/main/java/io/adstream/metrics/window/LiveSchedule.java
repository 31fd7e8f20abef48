package io.adstream.metrics.window;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides when a changed live value is written: at once if the key was quiet for an interval, else
 * an interval after its previous write, and never more writes per second than allowed. What is over
 * the limit waits its turn, so that under load the interval stretches for all keys alike.
 *
 * <p>Pure: time is a parameter. Not safe for threads.
 */
final class LiveSchedule {

    /** How often {@link #tick} wants to be called, in milliseconds. */
    static final long TICK_MILLIS = 20;

    private final long intervalMillis;
    private final double writesPerMilli;

    /** Keys by the tick in which they are due; a ring over one interval. */
    private final List<ArrayList<LiveKey>> ring;

    private final ArrayDeque<LiveKey> due = new ArrayDeque<>();
    private long currentTick;
    private long creditedAt;
    private double credit;
    private int waiting;

    /**
     * @param intervalMillis the shortest time between two writes of a key
     * @param writesPerSecond how many keys may be written per second
     */
    LiveSchedule(long intervalMillis, double writesPerSecond) {
        this.intervalMillis = intervalMillis;
        this.writesPerMilli = writesPerSecond / 1000;
        int ticks = (int) (intervalMillis / TICK_MILLIS) + 2;
        ring = new ArrayList<>(ticks);
        for (int i = 0; i < ticks; i++) {
            ring.add(new ArrayList<>());
        }
    }

    /** Says that a key's value changed. */
    void changed(LiveKey key, long now) {
        if (key.waiting) {
            return;
        }
        advance(now);
        key.waiting = true;
        waiting++;
        long at = key.writtenAt + intervalMillis;
        if (at <= now) {
            due.add(key);
        } else {
            // The tick in which the interval is over; the ring spans every tick that can be.
            long tick = Math.min(-Math.floorDiv(-at, TICK_MILLIS), currentTick + ring.size() - 1);
            ring.get((int) (tick % ring.size())).add(key);
        }
    }

    /** Hands over the keys that may be written now. */
    void tick(long now, Consumer<LiveKey> write) {
        advance(now);
        credit =
                Math.min(
                        Math.max(1, writesPerMilli * 1000),
                        credit + Math.max(0, now - creditedAt) * writesPerMilli);
        creditedAt = now;
        while (credit >= 1 && !due.isEmpty()) {
            LiveKey key = due.poll();
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

    private void moveToDue(ArrayList<LiveKey> keys) {
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
