package io.adstream.quality.score;

/**
 * The end of an ad that was silent for long.
 *
 * @param at the refresh, epoch milliseconds
 */
public record Departure(String adId, long at) {}
