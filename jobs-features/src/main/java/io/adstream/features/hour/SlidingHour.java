package io.adstream.features.hour;

import io.adstream.common.time.EventTimes;
import io.adstream.features.event.UserEvent;
import io.adstream.features.state.Varints;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sliding hour of one user: an hour that ends every ten minutes. An event is added to the one
 * slice of ten minutes that it belongs to; an hour is the sum of six slices.
 *
 * <p>Results are those of Flink's {@code SlidingEventTimeWindows.of(1 h, 10 min)} with an allowed
 * lateness: an hour is written when the watermark passes its end, and again with each event that
 * comes within the lateness after that. An event counts in those of its six hours that can still be
 * written.
 */
public final class SlidingHour {

    /** Length of a slice, and the step of the hours. */
    public static final long SLIDE = 600_000;

    /** Length of an hour. */
    public static final long WINDOW = 6 * SLIDE;

    /** No time. */
    static final long NONE = Long.MIN_VALUE;

    /** Takes an hour that is to be written. */
    @FunctionalInterface
    public interface Output {
        void hour(long end, int views, int carts, int purchases, long averagePrice, boolean newest);
    }

    /** What happened in ten minutes. */
    static final class Slice {
        final long start;
        final int[] counts = new int[3];
        int priced;
        final ExactSum prices = new ExactSum();

        Slice(long start) {
            this.start = start;
        }
    }

    /** In order of time. */
    final List<Slice> slices = new ArrayList<>(2);

    /** The end of the newest hour that has ended. */
    long ended = NONE;

    /**
     * What was last written of the newest hour that has ended; null where Redis holds no key. The
     * slices that it was made of may be gone, or hold what came too late for it.
     */
    @Nullable Served served;

    /** An hour as it was written. */
    record Served(int views, int carts, int purchases, long averagePrice) {}

    /** The newest end of an hour that a watermark has passed. */
    static long endedBy(long watermark) {
        return watermark == Long.MIN_VALUE ? NONE : Math.floorDiv(watermark + 1, SLIDE) * SLIDE;
    }

    /** Whether the last hour of an event can no longer be written. */
    public static boolean isLate(long time, long watermark, long lateness) {
        return isOver(sliceOf(time) + WINDOW, watermark, lateness);
    }

    private static long sliceOf(long time) {
        return Math.floorDiv(time, SLIDE) * SLIDE;
    }

    /** Whether the hour that ends then can no longer be written. */
    private static boolean isOver(long end, long watermark, long lateness) {
        return end - 1 + lateness <= watermark;
    }

    /**
     * Adds what happened in the shop.
     *
     * @throws IllegalStateException where it is too late for every hour: the deduplication lets no
     *     such event pass, and wrong counts are worse than a job that stops
     */
    public void add(UserEvent event, long watermark, long lateness, Output out) {
        if (isLate(event.time(), watermark, lateness)) {
            throw new IllegalStateException(
                    "an event of "
                            + EventTimes.format(event.time())
                            + " passed the deduplication, yet time is "
                            + EventTimes.format(watermark));
        }
        advance(watermark, lateness, out);
        if (isEmpty()) {
            ended = endedBy(watermark);
        }
        Slice slice = slice(sliceOf(event.time()));
        slice.counts[event.kind().indexInTopic()]++;
        if (event.kind() == UserEvent.Kind.VIEW && event.price() != UserEvent.NO_PRICE) {
            slice.priced++;
            slice.prices.add(event.price());
        }
        for (long end = slice.start + SLIDE;
                end <= Math.min(ended, slice.start + WINDOW);
                end += SLIDE) {
            if (!isOver(end, watermark, lateness)) {
                write(end, out);
            }
        }
    }

    private Slice slice(long start) {
        int at = slices.size();
        while (at > 0 && slices.get(at - 1).start >= start) {
            at--;
            if (slices.get(at).start == start) {
                return slices.get(at);
            }
        }
        Slice slice = new Slice(start);
        slices.add(at, slice);
        return slice;
    }

    /** Writes the hours that a watermark has ended, and forgets what none can need any more. */
    public void advance(long watermark, long lateness, Output out) {
        long until = endedBy(watermark);
        if (until == NONE || isEmpty()) {
            return;
        }
        boolean someEnded = false;
        for (long end = nextEnd(); end <= until; end = nextEnd()) {
            ended = end;
            someEnded = true;
            write(end, out, end == until);
        }
        if ((served != null || someEnded) && ended < until) {
            // Nothing happened in the newest hour, and what Redis holds is older. An hour that has
            // just been passed over may be there too: an attempt that was lost may have written it.
            out.hour(until, 0, 0, 0, 0, true);
            served = null;
        }
        ended = Math.max(ended, until);
        while (!slices.isEmpty() && isOver(slices.get(0).start + WINDOW, watermark, lateness)) {
            slices.remove(0);
        }
    }

    /** The end of the first hour that has not ended and in which something happened. */
    private long nextEnd() {
        for (Slice slice : slices) {
            if (ended < slice.start + WINDOW) {
                return Math.max(ended == NONE ? NONE : ended + SLIDE, slice.start + SLIDE);
            }
        }
        return Long.MAX_VALUE;
    }

    private void write(long end, Output out) {
        write(end, out, end == ended);
    }

    private void write(long end, Output out, boolean newest) {
        int views = 0;
        int carts = 0;
        int purchases = 0;
        int priced = 0;
        ExactSum prices = new ExactSum();
        for (Slice slice : slices) {
            if (slice.start >= end - WINDOW && slice.start < end) {
                views += slice.counts[0];
                carts += slice.counts[1];
                purchases += slice.counts[2];
                priced += slice.priced;
                prices.add(slice.prices);
            }
        }
        long averagePrice = prices.perPiece(priced);
        if (newest) {
            served = new Served(views, carts, purchases, averagePrice);
        }
        out.hour(end, views, carts, purchases, averagePrice, newest);
    }

    /** Writes the newest hour that has ended once more, where Redis should hold it. */
    public void serve(Output out) {
        if (served != null) {
            out.hour(
                    ended, served.views, served.carts, served.purchases, served.averagePrice, true);
        }
    }

    /** The end of the newest hour that has ended. */
    public long ended() {
        return ended;
    }

    /** The watermark at which something is to be done; {@link Long#MAX_VALUE} for nothing. */
    public long due(long lateness) {
        if (served != null) {
            return ended + SLIDE - 1; // slices that are over can wait for that
        }
        long next = nextEnd();
        long due = next == Long.MAX_VALUE ? next : next - 1;
        return slices.isEmpty() ? due : Math.min(due, slices.get(0).start + WINDOW - 1 + lateness);
    }

    /**
     * The last instant of the slice of a time: when hours end anyway, so that what need not be done
     * at once can be done then.
     */
    public static long endOfSlice(long time) {
        return sliceOf(time) + SLIDE - 1;
    }

    /** Whether nothing is left to remember. */
    public boolean isEmpty() {
        return slices.isEmpty() && served == null;
    }

    /** Writes the state; {@link #read} is its counterpart. */
    public void write(DataOutput out) throws IOException {
        out.writeBoolean(served != null);
        if (served != null) {
            Varints.write(served.views, out);
            Varints.write(served.carts, out);
            Varints.write(served.purchases, out);
            Varints.write(served.averagePrice, out);
        }
        Varints.write(ended == NONE ? 0 : ended / SLIDE, out);
        Varints.write(slices.size(), out);
        for (Slice slice : slices) {
            Varints.write(slice.start / SLIDE, out);
            for (int count : slice.counts) {
                Varints.write(count, out);
            }
            Varints.write(slice.priced, out);
            Varints.write(slice.prices.low, out);
            Varints.write(slice.prices.high, out);
        }
    }

    /** Reads what {@link #write} has written. */
    public static SlidingHour read(DataInput in) throws IOException {
        SlidingHour hour = new SlidingHour();
        if (in.readBoolean()) {
            hour.served =
                    new Served(
                            (int) Varints.read(in),
                            (int) Varints.read(in),
                            (int) Varints.read(in),
                            Varints.read(in));
        }
        long ended = Varints.read(in);
        hour.ended = ended == 0 ? NONE : ended * SLIDE;
        for (long left = Varints.read(in); left > 0; left--) {
            Slice slice = new Slice(Varints.read(in) * SLIDE);
            for (int i = 0; i < slice.counts.length; i++) {
                slice.counts[i] = (int) Varints.read(in);
            }
            slice.priced = (int) Varints.read(in);
            slice.prices.low = Varints.read(in);
            slice.prices.high = Varints.read(in);
            hour.slices.add(slice);
        }
        return hour;
    }
}
