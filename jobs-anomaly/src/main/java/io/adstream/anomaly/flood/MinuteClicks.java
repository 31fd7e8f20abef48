package io.adstream.anomaly.flood;

import java.util.Arrays;

/**
 * The clicks of one minute: how many, and when, as far as it can matter. Of more than twice the
 * limit only the first and the last are kept: a run of clicks that breaks the limit within the
 * minute is among the first, and one that goes on into the next minute is among the last.
 *
 * <p>Pure. Adding costs the same however many there are.
 */
final class MinuteClicks {

    private static final int[] NONE = {};

    int count;
    int kept;
    int[] offsets = NONE;

    /** Counts a click without keeping when it was. */
    void count() {
        count++;
    }

    /**
     * Adds a click.
     *
     * @param offset ms since the start of the minute
     * @param limit how many clicks break no limit
     */
    void add(int offset, int limit) {
        count++;
        int at = kept;
        while (at > 0 && offsets[at - 1] > offset) {
            at--;
        }
        int most = 2 * limit + 1;
        if (kept < most) {
            if (kept == offsets.length) {
                offsets = Arrays.copyOf(offsets, Math.min(most, Math.max(4, 2 * kept)));
            }
            System.arraycopy(offsets, at, offsets, at + 1, kept - at);
            offsets[at] = offset;
            kept++;
            return;
        }
        // Full: the limit + 1 least and the limit greatest stay, the one between them goes.
        int middle = limit + 1;
        if (at < middle) {
            System.arraycopy(offsets, at, offsets, at + 1, middle - 1 - at);
            offsets[at] = offset;
        } else if (at > middle) {
            System.arraycopy(offsets, middle + 1, offsets, middle, at - 1 - middle);
            offsets[at - 1] = offset;
        }
    }

    /** Forgets when the clicks were; how many stays known. */
    void forgetTimes() {
        offsets = NONE;
        kept = 0;
    }
}
