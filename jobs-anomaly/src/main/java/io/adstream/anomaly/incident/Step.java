package io.adstream.anomaly.incident;

import io.adstream.common.alert.Alert;
import org.jspecify.annotations.Nullable;

/**
 * An alert on its way, with what it belongs to.
 *
 * @param shadow whether only the operator sees it
 * @param campaignId the campaign that its entity belongs to, or null
 * @param advertiserId the advertiser that its entity belongs to, or null
 * @param time when it happened, epoch ms of event time
 */
public record Step(
        Alert alert,
        boolean shadow,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        long time) {}
