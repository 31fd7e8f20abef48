package io.adstream.testing.oracle;

import java.time.Instant;

/**
 * A score that must be published.
 *
 * @param at the refresh that it is of
 * @param previous the base score of the refresh before
 * @param rank 1 and how many ads of the category have a greater score
 */
public record ExpectedScore(
        String adId,
        Instant at,
        int revision,
        String category,
        double raw,
        double previous,
        double base,
        double penalty,
        double score,
        int rank,
        int size) {}
