package io.adstream.anomaly.ad;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What is usual, as counts of minutes of which each counts half as much after a half-life. Ratios
 * are made of these sums, never of ratios.
 *
 * <p>Pure; changed in place. The sums are as of {@link #minute}.
 */
public final class Usual {

    private static final long MINUTE = 60_000;

    double trials;
    double successes;

    /** How many minutes the sums are of, decayed alike. */
    double weight;

    /** Start of the newest minute that was added, epoch ms; meaningless while nothing was. */
    long minute;

    /** Adds a minute that is not before the newest. */
    public void add(long aMinute, long someTrials, long someSuccesses, double halfLife) {
        double factor = weight == 0 ? 0 : decay(aMinute - minute, halfLife);
        trials = trials * factor + someTrials;
        successes = successes * factor + someSuccesses;
        weight = weight * factor + 1;
        minute = aMinute;
    }

    /** The same sums as of a later time. */
    public Usual at(long aMinute, double halfLife) {
        Usual later = new Usual();
        if (weight > 0) {
            double factor = decay(aMinute - minute, halfLife);
            later.trials = trials * factor;
            later.successes = successes * factor;
            later.weight = weight * factor;
        }
        later.minute = aMinute;
        return later;
    }

    /** The sums of both; the other one must be as of the same time. */
    public Usual plus(Usual other) {
        Usual sum = new Usual();
        sum.trials = trials + other.trials;
        sum.successes = successes + other.successes;
        sum.weight = weight + other.weight;
        sum.minute = Math.max(minute, other.minute);
        return sum;
    }

    /** Writes it down. */
    public void write(DataOutputView out) throws IOException {
        out.writeDouble(trials);
        out.writeDouble(successes);
        out.writeDouble(weight);
        out.writeLong(minute);
    }

    /** Takes over what was written down. */
    public void read(DataInputView in) throws IOException {
        trials = in.readDouble();
        successes = in.readDouble();
        weight = in.readDouble();
        minute = in.readLong();
    }

    /** Forgets all. */
    public void clear() {
        trials = 0;
        successes = 0;
        weight = 0;
        minute = 0;
    }

    /** Of what it is made: impressions of a CTR, clicks of a CVR. */
    public double trials() {
        return trials;
    }

    /** Clicks of a CTR, conversions of a CVR. */
    public double successes() {
        return successes;
    }

    /** Trials of a usual minute. */
    public double trialsPerMinute() {
        return weight == 0 ? 0 : trials / weight;
    }

    /** The rate; where there was no success, as if there had been half of one. */
    public double rate() {
        return Math.max(successes, 0.5) / trials;
    }

    private static double decay(long millis, double halfLife) {
        return Math.exp(-Math.log(2) * millis / (MINUTE * halfLife));
    }
}
