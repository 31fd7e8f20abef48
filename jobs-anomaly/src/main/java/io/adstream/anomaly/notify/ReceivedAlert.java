package io.adstream.anomaly.notify;

import io.adstream.common.alert.Alert;
import org.jspecify.annotations.Nullable;

/**
 * An alert as it came from Kafka.
 *
 * @param campaignId the campaign that its entity belongs to, where the sender said so
 * @param advertiserId the advertiser that its entity belongs to, where the sender said so
 * @param arrived its Kafka timestamp, epoch ms
 */
public record ReceivedAlert(
        Alert alert, @Nullable String campaignId, @Nullable String advertiserId, long arrived) {}
