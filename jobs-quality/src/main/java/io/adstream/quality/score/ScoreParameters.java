package io.adstream.quality.score;

import java.io.Serializable;

/**
 * The numbers in the formula of a score.
 *
 * @param priorImpressions impressions with the category's CTR that every ad is given
 * @param priorClicks clicks with the category's CVR that every ad is given
 * @param neutral the score of an ad that does as its category does; an ad's first previous score
 * @param ctrWeight points per doubling of the CTR
 * @param cvrWeight points per doubling of the CVR
 * @param newWeight share of the newest hour in the smoothed score, from 0 to 1
 * @param min the lowest score
 * @param max the highest score
 * @param threshold how far a score moves before it is published
 */
public record ScoreParameters(
        double priorImpressions,
        double priorClicks,
        double neutral,
        double ctrWeight,
        double cvrWeight,
        double newWeight,
        double min,
        double max,
        double threshold)
        implements Serializable {}
