package io.adstream.attribution.match;

import io.adstream.attribution.Tier;

/**
 * The clicks that one of a conversion's ids leads to.
 *
 * @param conversionId the conversion
 * @param tier which id it was
 * @param path {@link io.adstream.attribution.touch.TouchBytes} of at least one touch, in time order
 * @param truncated whether the path lacks clicks since they are too many
 */
@SuppressWarnings("ArrayRecordComponent") // never changed, never compared
public record Match(String conversionId, Tier tier, byte[] path, boolean truncated) {}
