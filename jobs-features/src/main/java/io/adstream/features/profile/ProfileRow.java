package io.adstream.features.profile;

import java.util.List;

/**
 * What a user is interested in, as of the user's newest event.
 *
 * @param userId who
 * @param interests by category, the greatest first, then by name; empty where the profile is over
 *     and the key goes
 * @param topCategories the names of the greatest that are known
 * @param engagementScore 100 · I / (I + 20) with I = Σ interest, micros
 * @param updatedAt time of the user's newest event, to which interests have decayed, epoch
 *     milliseconds
 * @param expiresAt when the key goes, by the wall clock
 */
public record ProfileRow(
        String userId,
        List<Interest> interests,
        List<String> topCategories,
        long engagementScore,
        long updatedAt,
        long expiresAt) {

    /**
     * Interest in one category.
     *
     * @param category its name
     * @param value micros
     */
    public record Interest(String category, long value) {}

    /** Whether the profile is over. */
    public boolean isOver() {
        return interests.isEmpty();
    }
}
