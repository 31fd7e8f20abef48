package io.adstream.quality.score;

import org.jspecify.annotations.Nullable;

/**
 * The score of an ad after a refresh.
 *
 * @param category that the ad was judged in
 * @param score what is served
 * @param publication the score with all that it was made of, where it is published; else null
 */
public record Scored(String category, double score, @Nullable Score publication) {}
