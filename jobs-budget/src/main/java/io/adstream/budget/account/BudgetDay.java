package io.adstream.budget.account;

import io.adstream.common.money.Micros;
import java.util.Map;
import java.util.TreeMap;

/** What a campaign has spent on one local date, and what was said about it. */
final class BudgetDay {

    /** Thresholds in percent, in the order of the bits of {@link #thresholds}. */
    static final int[] THRESHOLDS = {50, 80, 95, 100};

    /** Local date, days since 1970-01-01. */
    final long date;

    long clicks;

    /** Micros. */
    long spent;

    /** One bit per threshold that was crossed. */
    int thresholds;

    /** CAMPAIGN_PAUSED was sent for the date, and no CAMPAIGN_RESUMED since. */
    boolean crossed;

    /** Somebody re-activated the campaign by hand: it is not paused on this date again. */
    boolean overridden;

    /** Time has passed the date's end. */
    boolean closed;

    /** Spend close to and after the cuts that are waited for. */
    final Map<Long, CutSpend> cuts = new TreeMap<>();

    BudgetDay(long date) {
        this.date = date;
    }

    void add(long number, long cost) {
        clicks += number;
        spent = Micros.addCapped(spent, cost);
    }

    /** Spend around the cut of a comparison, in micros. */
    static final class CutSpend {
        /** Of the tolerance before the cut. */
        long before;

        /** Of the tolerance from the cut on. */
        long after;

        /** Of what follows. */
        long later;

        void add(long sinceCut, long tolerance, long cost) {
            if (sinceCut >= tolerance) {
                later = Micros.addCapped(later, cost);
            } else if (sinceCut >= 0) {
                after = Micros.addCapped(after, cost);
            } else if (sinceCut >= -tolerance) {
                before = Micros.addCapped(before, cost);
            }
        }
    }
}
