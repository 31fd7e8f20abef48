package io.adstream.local.traffic;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Holds records back until their time has come. */
final class Pacer {

    /** As fast as possible. */
    static final double MAX = Double.POSITIVE_INFINITY;

    private static final long LONGEST_PAUSE = 100;

    /** A thread that sleeps less wakes more often than is good for a shared machine. */
    private static final long SHORTEST_PAUSE = 5;

    private final WallClock wall;
    private final BooleanSupplier stopped;
    private final double speed;
    private final boolean notBeforeItsTime;
    private final long origin;
    private final long begin;

    /**
     * A pacer whose first record is due now.
     *
     * @param begin the first record's time, epoch milliseconds
     * @param speed record time per wall time; {@link #MAX} never waits
     * @param notBeforeItsTime never send a record before the wall clock shows its time: a run that
     *     is faster than time becomes a live one when it has caught up
     * @param stopped asked while waiting; ends the wait
     */
    Pacer(
            WallClock wall,
            long begin,
            double speed,
            boolean notBeforeItsTime,
            BooleanSupplier stopped) {
        this.wall = wall;
        this.begin = begin;
        this.speed = speed;
        this.notBeforeItsTime = notBeforeItsTime;
        this.stopped = stopped;
        this.origin = wall.millis();
    }

    /** Waits until a record of that time is due. */
    void await(long time) {
        long due = origin + (long) ((time - begin) / speed);
        if (notBeforeItsTime) {
            due = Math.max(due, time);
        }
        long left = due - wall.millis();
        while (left > 0 && !stopped.getAsBoolean()) {
            wall.pause(Duration.ofMillis(Math.max(SHORTEST_PAUSE, Math.min(left, LONGEST_PAUSE))));
            left = due - wall.millis();
        }
    }
}
