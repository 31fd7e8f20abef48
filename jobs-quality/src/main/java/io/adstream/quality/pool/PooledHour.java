package io.adstream.quality.pool;

import io.adstream.quality.hour.AdHour;

/**
 * The hour of an ad beside that of its category.
 *
 * @param impressions of all ads of the category in the hour, this one included
 * @param clicks likewise
 * @param conversions likewise
 */
public record PooledHour(AdHour hour, long impressions, long clicks, long conversions) {}
