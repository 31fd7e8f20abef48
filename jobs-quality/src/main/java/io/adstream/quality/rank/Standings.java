package io.adstream.quality.rank;

import java.util.Arrays;

/**
 * The scores of a category's ads at a refresh, and who has which place. Pure: a change makes a new
 * one.
 *
 * @param at the refresh, epoch milliseconds
 * @param scores ascending
 */
@SuppressWarnings("ArrayRecordComponent") // state, never compared
public record Standings(String category, long at, double[] scores) {

    /** Of scores in any order, which are sorted in place. */
    static Standings of(String category, long at, double[] scores) {
        Arrays.sort(scores);
        return new Standings(category, at, scores);
    }

    /** The place of a score: 1 and how many are greater. */
    int rank(double score) {
        return scores.length - upTo(score) + 1;
    }

    int size() {
        return scores.length;
    }

    /** With another score of one ad; as it is where no ad has the former one. */
    Standings with(double before, double after) {
        int out = upTo(before) - 1;
        if (out < 0 || scores[out] != before) {
            return this;
        }
        double[] next = scores.clone();
        next[out] = after;
        Arrays.sort(next);
        return new Standings(category, at, next);
    }

    /** How many scores are not greater. */
    private int upTo(double score) {
        int low = 0;
        int high = scores.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (scores[middle] <= score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
