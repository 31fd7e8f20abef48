package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * A touch of a path.
 *
 * @param credits millionths by model
 * @param values parts of the conversion's value by model, without trailing zeros
 */
public record AttributedTouch(
        String clickId,
        String adId,
        String campaignId,
        String advertiserId,
        Instant clickTime,
        Map<String, Integer> credits,
        Map<String, BigDecimal> values) {}
