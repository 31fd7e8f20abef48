package io.adstream.features.profile;

import io.adstream.features.state.Varints;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The interests of one user: per category Σ weight · 2^(−age / half-life).
 *
 * <p>Floating point: the sum of the same events in the same order is the same to the last bit, so
 * events must be added in the order of their time wherever that is possible.
 */
public final class Interests {

    /** The category of what has none. */
    public static final String UNKNOWN = "unknown";

    /** An interest below half a millionth is written as 0: it is over. */
    private static final double LEAST = 0.5e-6;

    private static final double MICROS = 1e6;

    /** An engagement score of 50 takes this much interest. */
    private static final double HALF_ENGAGED = 20;

    /** Interest in one category, as of the newest event in it. */
    private static final class Interest {
        final String category;
        double value;
        long time;

        Interest(String category, double value, long time) {
            this.category = category;
            this.value = value;
            this.time = time;
        }
    }

    private final List<Interest> interests;
    private long newest = Long.MIN_VALUE;

    public Interests() {
        interests = new ArrayList<>(2);
    }

    private Interests(Interests other) {
        interests = new ArrayList<>(other.interests.size() + 1);
        for (Interest interest : other.interests) {
            interests.add(new Interest(interest.category, interest.value, interest.time));
        }
        newest = other.newest;
    }

    /** The same, to be changed on its own. */
    public Interests copy() {
        return new Interests(this);
    }

    /** Time of the newest event, epoch milliseconds; {@link Long#MIN_VALUE} without any. */
    public long newest() {
        return newest;
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return newest == Long.MIN_VALUE;
    }

    /**
     * Adds what an event shows.
     *
     * @param category null where none is known
     * @param most how many categories are kept; the smallest interest goes
     */
    public void add(@Nullable String category, int weight, long time, long halfLife, int most) {
        newest = Math.max(newest, time);
        String name = category == null ? UNKNOWN : category;
        Interest known = find(name);
        if (known == null) {
            interests.add(new Interest(name, weight, time));
            if (interests.size() > most) {
                interests.remove(smallest(halfLife));
            }
        } else if (time >= known.time) {
            known.value = decayed(known.value, time - known.time, halfLife) + weight;
            known.time = time;
        } else {
            known.value += decayed(weight, known.time - time, halfLife);
        }
    }

    private @Nullable Interest find(String category) {
        for (Interest interest : interests) {
            if (interest.category.equals(category)) {
                return interest;
            }
        }
        return null;
    }

    private Interest smallest(long halfLife) {
        Interest smallest = interests.get(0);
        double least = now(smallest, halfLife);
        for (Interest interest : interests) {
            double value = now(interest, halfLife);
            if (value < least
                    || (value == least && interest.category.compareTo(smallest.category) > 0)) {
                smallest = interest;
                least = value;
            }
        }
        return smallest;
    }

    private static double decayed(double value, long age, long halfLife) {
        return age == 0 ? value : value * StrictMath.pow(0.5, (double) age / halfLife);
    }

    private double now(Interest interest, long halfLife) {
        return decayed(interest.value, newest - interest.time, halfLife);
    }

    /** Forgets interests that are over as of the newest event. */
    public void prune(long halfLife) {
        interests.removeIf(interest -> now(interest, halfLife) < LEAST);
    }

    /**
     * The profile as of the newest event.
     *
     * @param top how many categories count as the top ones
     */
    public ProfileRow row(String userId, long halfLife, int top, long expiresAt) {
        List<Current> current = new ArrayList<>(interests.size());
        for (Interest interest : interests) {
            double value = now(interest, halfLife);
            if (value >= LEAST) {
                current.add(new Current(interest.category, value));
            }
        }
        current.sort(Current.ORDER);
        double sum = 0;
        List<ProfileRow.Interest> values = new ArrayList<>(current.size());
        List<String> names = new ArrayList<>(Math.min(top, current.size()));
        for (Current interest : current) {
            sum += interest.value;
            values.add(new ProfileRow.Interest(interest.category, micros(interest.value)));
            if (names.size() < top && !interest.category.equals(UNKNOWN)) {
                names.add(interest.category);
            }
        }
        return new ProfileRow(
                userId, values, names, micros(100 * sum / (sum + HALF_ENGAGED)), newest, expiresAt);
    }

    /** The end of a profile: nothing is left of it. */
    public static ProfileRow over(String userId, long newest) {
        return new ProfileRow(userId, List.of(), List.of(), 0, newest, 0);
    }

    private static long micros(double value) {
        return (long) Math.rint(value * MICROS);
    }

    /** An interest as of the newest event. */
    private record Current(String category, double value) {
        static final Comparator<Current> ORDER =
                Comparator.comparingDouble(Current::value)
                        .reversed()
                        .thenComparing(Current::category);
    }

    /** Writes the state; {@link #read} is its counterpart. */
    public void write(DataOutput out) throws IOException {
        Varints.write(interests.size(), out);
        Varints.write(newest, out);
        for (Interest interest : interests) {
            Varints.writeText(interest.category, out);
            out.writeDouble(interest.value);
            Varints.write(newest - interest.time, out);
        }
    }

    /** Reads what {@link #write} has written. */
    public static Interests read(DataInput in) throws IOException {
        Interests read = new Interests();
        long left = Varints.read(in);
        read.newest = Varints.read(in);
        for (; left > 0; left--) {
            read.interests.add(
                    new Interest(
                            Varints.readName(in), in.readDouble(), read.newest - Varints.read(in)));
        }
        return read;
    }
}
