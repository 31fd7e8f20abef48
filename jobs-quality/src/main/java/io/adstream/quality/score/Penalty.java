package io.adstream.quality.score;

/**
 * Points off an ad's score, as a PENALTY record says. A later one of the same alert replaces the
 * earlier.
 *
 * @param points how many, above 0
 * @param alertId the incident
 * @param expiresAt until when, epoch milliseconds of event time
 */
public record Penalty(String adId, double points, String alertId, long expiresAt) {}
