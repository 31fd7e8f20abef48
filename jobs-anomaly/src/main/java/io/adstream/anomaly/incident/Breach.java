package io.adstream.anomaly.incident;

import io.adstream.common.alert.Alert;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule has found.
 *
 * @param entityType what it is about
 * @param entityId its id
 * @param campaignId the campaign that it belongs to, or null
 * @param advertiserId the advertiser that it belongs to, or null
 * @param time when it happened, epoch ms of event time; its minute is part of the alert's id
 * @param windowStart beginning of what was judged
 * @param observed what was measured
 * @param usual what is usual, or null
 * @param threshold what the rule compares with
 * @param message for people
 * @param sampleEventIds some events that show it
 * @param penalizedAd the ad whose score suffers, or null
 */
public record Breach(
        Alert.EntityType entityType,
        String entityId,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        long time,
        long windowStart,
        double observed,
        @Nullable Double usual,
        double threshold,
        String message,
        List<String> sampleEventIds,
        @Nullable String penalizedAd) {}
