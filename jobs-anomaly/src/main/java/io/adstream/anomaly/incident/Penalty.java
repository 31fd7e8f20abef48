package io.adstream.anomaly.incident;

/**
 * Points off an ad's quality score. A later one of the same alert replaces the earlier.
 *
 * @param adId the ad
 * @param points how many, above 0
 * @param alertId the incident
 * @param expiresAt until when, epoch ms of event time
 */
public record Penalty(String adId, double points, String alertId, long expiresAt) {}
