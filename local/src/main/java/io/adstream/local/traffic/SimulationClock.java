package io.adstream.local.traffic;

import java.time.Duration;

/**
 * The simulated clock. It moves by one slot per record, so that exactly {@code rate} records fall
 * into a second of it, as the rate of that time of day is.
 */
final class SimulationClock {

    private static final long MINUTE = 60_000;

    private final long start;
    private final double rate;
    private final double dailyCurve;
    private double elapsed;
    private double step;
    private long curveMinute = Long.MIN_VALUE;

    SimulationClock(SimulationOptions options) {
        start = options.start().toEpochMilli();
        rate = options.rate();
        dailyCurve = options.dailyCurve();
    }

    /** Moves to the next record's slot; returns its time, epoch milliseconds. */
    long advance() {
        long minute = (long) elapsed / MINUTE;
        if (minute != curveMinute) {
            curveMinute = minute;
            step = 1000 / (rate * curve(dailyCurve, start + minute * MINUTE));
        }
        elapsed += step;
        return now();
    }

    /** The simulated time, epoch milliseconds. */
    long now() {
        return start + (long) elapsed;
    }

    /** The rate at a time of day relative to its mean: busiest at 20:00, quietest at 08:00 UTC. */
    private static double curve(double swing, long time) {
        double dayShare = Math.floorMod(time, 86_400_000L) / 86_400_000.0;
        return 1 + swing * StrictMath.cos(2 * Math.PI * (dayShare - 20.0 / 24));
    }

    /**
     * How long a number of records takes on the simulated clock if the last one is at {@code end};
     * some minutes more than that.
     *
     * @param end epoch milliseconds
     */
    static Duration lengthUntil(long end, long records, double rate, double dailyCurve) {
        double left = (double) records;
        long minutes = 0;
        while (left > 0) {
            minutes++;
            left -= rate * 60 * curve(dailyCurve, end - minutes * MINUTE);
        }
        double unused = -left / (rate * curve(dailyCurve, end - minutes * MINUTE));
        return Duration.ofMinutes(minutes + 1).minusSeconds(Math.round(Math.min(unused, 60)));
    }
}
