package io.adstream.common.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known key that a mistyped one most likely meant. */
public final class NearestKey {

    private NearestKey() {}

    /** The known key with the smallest edit distance; the first in order of text where equal. */
    public static Optional<String> of(String key, Collection<String> known) {
        return known.stream()
                .min(
                        Comparator.<String>comparingInt(candidate -> distance(key, candidate))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements
     * and swaps of neighbours that turn one text into the other.
     */
    static int distance(String left, String right) {
        int[] beforeLast = new int[right.length() + 1];
        int[] last = new int[right.length() + 1];
        int[] current = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replace = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                int best =
                        Math.min(Math.min(last[j] + 1, current[j - 1] + 1), last[j - 1] + replace);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    best = Math.min(best, beforeLast[j - 2] + 1);
                }
                current[j] = best;
            }
            int[] recycled = beforeLast;
            beforeLast = last;
            last = current;
            current = recycled;
        }
        return last[right.length()];
    }
}
