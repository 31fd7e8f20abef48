package io.adstream.attribution.touch;

/**
 * A click as a step on the way to a conversion.
 *
 * @param clickId the click's {@code event_id}
 * @param clickTime its event time, epoch milliseconds
 */
public record Touch(
        String clickId, String adId, String campaignId, String advertiserId, long clickTime) {}
