package io.adstream.budget.account;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;

/**
 * What a click cost whom.
 *
 * @param campaignId the campaign
 * @param time event time, epoch milliseconds
 * @param arrival the record's Kafka timestamp, epoch milliseconds
 * @param cost micros; 0 where the record has no price
 */
public record Click(String campaignId, long time, long arrival, long cost) {

    /** Takes what is needed out of a valid click. */
    public static Click of(InputEvent event) {
        String campaignId = event.string(AdEvents.CAMPAIGN_ID);
        if (campaignId == null) {
            throw new IllegalArgumentException("a click without campaign_id is not valid");
        }
        long price = event.numbers[AdEvents.ACTUAL_PRICE];
        return new Click(
                campaignId,
                event.eventTime,
                event.kafkaTimestamp,
                price == InputEvent.NO_NUMBER ? 0 : price);
    }
}
