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

    /**
     * Spend around the cut of a comparison, in micros.
     *
     * <p>A click was counted when it was served, which is about its event time, and before it was
     * seen here. What both say decides: a click from before the cut that is seen after it may have
     * been counted after it, one from after the cut that is seen before it was counted before.
     */
    static final class CutSpend {
        /** From before the cut, but perhaps not in the counter then. */
        long before;

        /** From after the cut, but perhaps in the counter then. */
        long after;

        /** Of what follows. */
        long later;

        /**
         * @param sinceCut event time after the cut, ms
         * @param seenSinceCut wall clock after the cut, ms
         */
        void add(long sinceCut, long seenSinceCut, long tolerance, long cost) {
            if (sinceCut < 0) {
                if (Math.max(sinceCut, seenSinceCut) >= -tolerance) {
                    before = Micros.addCapped(before, cost);
                }
            } else if (Math.min(sinceCut, seenSinceCut) < tolerance) {
                after = Micros.addCapped(after, cost);
            } else {
                later = Micros.addCapped(later, cost);
            }
        }
    }
}
