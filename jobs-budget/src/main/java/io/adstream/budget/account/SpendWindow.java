package io.adstream.budget.account;

import io.adstream.common.money.Micros;

/** Clicks and their cost in one window of ten minutes. */
final class SpendWindow {

    /** Size of a window. */
    static final long MILLIS = 600_000;

    final long start;
    long clicks;

    /** Micros. */
    long cost;

    SpendWindow(long start) {
        this.start = start;
    }

    static long startOf(long time) {
        return Math.floorDiv(time, MILLIS) * MILLIS;
    }

    void add(long micros) {
        clicks++;
        cost = Micros.addCapped(cost, micros);
    }
}
