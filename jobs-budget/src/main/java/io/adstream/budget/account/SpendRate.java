package io.adstream.budget.account;

/** Spend per minute of event time: the whole ten-second slots of the minute before. */
final class SpendRate {

    static final int SLOTS = 8;
    private static final int MINUTE_SLOTS = 6;
    private static final long SLOT_MILLIS = 10_000;

    final long[] cost = new long[SLOTS];

    /** Number of the newest slot, counted from 1970-01-01. */
    long newest = Long.MIN_VALUE;

    void add(long time, long micros) {
        long slot = Math.floorDiv(time, SLOT_MILLIS);
        if (newest == Long.MIN_VALUE) {
            newest = slot;
        }
        if (slot <= newest - SLOTS) {
            return;
        }
        for (; newest < slot && newest > slot - SLOTS; ) {
            newest++;
            cost[index(newest)] = 0;
        }
        if (newest < slot) {
            java.util.Arrays.fill(cost, 0);
            newest = slot;
        }
        cost[index(slot)] += micros;
    }

    /** Micros per minute at a time, epoch milliseconds. */
    long at(long time) {
        if (newest == Long.MIN_VALUE) {
            return 0;
        }
        long current = Math.floorDiv(time, SLOT_MILLIS);
        long sum = 0;
        for (long slot = Math.max(current - MINUTE_SLOTS, newest - SLOTS + 1);
                slot < current && slot <= newest;
                slot++) {
            sum += cost[index(slot)];
        }
        return sum;
    }

    private static int index(long slot) {
        return Math.floorMod(slot, SLOTS);
    }
}
