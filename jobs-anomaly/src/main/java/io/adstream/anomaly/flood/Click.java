package io.adstream.anomaly.flood;

import io.adstream.common.alert.Alert;

/**
 * A click as seen from one device or one IP.
 *
 * @param entityType DEVICE or IP
 * @param entityId the device's id or the address
 * @param time epoch ms of event time
 * @param adId what was clicked
 * @param campaignId the ad's campaign
 * @param advertiserId the ad's advertiser
 * @param eventId the click's id
 */
public record Click(
        Alert.EntityType entityType,
        String entityId,
        long time,
        String adId,
        String campaignId,
        String advertiserId,
        String eventId) {

    /** What clicks are counted by. */
    public String key() {
        return (entityType == Alert.EntityType.DEVICE ? "d" : "i") + entityId;
    }
}
