package io.adstream.metrics.slice;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.money.Micros;
import java.util.Arrays;

/** Sums of one (ad, campaign, advertiser) in one minute, on heap between two flushes. */
final class Slice {

    final int hash;
    final long minute;

    long impressions;
    long clicks;
    long conversions;
    long cost;
    long revenue;

    /**
     * The latest event. It names the slice too, so that no string is made before the flush; an
     * event behind a keyed exchange is nobody else's object.
     */
    private InputEvent latest;

    Slice(int hash, long minute, InputEvent event) {
        this.hash = hash;
        this.minute = minute;
        this.latest = event;
    }

    boolean isOf(InputEvent event, long minute) {
        return this.minute == minute
                && sameField(event, AdEvents.AD_ID)
                && sameField(event, AdEvents.CAMPAIGN_ID)
                && sameField(event, AdEvents.ADVERTISER_ID);
    }

    private boolean sameField(InputEvent event, int field) {
        int from = event.offset(field);
        int mine = latest.offset(field);
        return Arrays.equals(
                event.bytes(field),
                from,
                from + event.length(field),
                latest.bytes(field),
                mine,
                mine + latest.length(field));
    }

    void add(InputEvent event) {
        switch (event.eventType) {
            case AdEvents.IMPRESSION -> impressions++;
            case AdEvents.CLICK -> {
                clicks++;
                cost = addMoney(cost, event.numbers[AdEvents.ACTUAL_PRICE]);
            }
            case AdEvents.CONVERSION -> {
                conversions++;
                revenue = addMoney(revenue, event.numbers[AdEvents.CONVERSION_VALUE]);
            }
            default -> throw new IllegalStateException("event type " + event.eventType);
        }
        if (isLater(event)) {
            latest = event;
        }
    }

    private static long addMoney(long sum, long micros) {
        return micros == InputEvent.NO_NUMBER ? sum : Micros.addCapped(sum, micros);
    }

    private boolean isLater(InputEvent event) {
        if (event.eventTime != latest.eventTime) {
            return event.eventTime > latest.eventTime;
        }
        int from = event.offset(AdEvents.EVENT_ID);
        int mine = latest.offset(AdEvents.EVENT_ID);
        return Arrays.compareUnsigned(
                        event.bytes(AdEvents.EVENT_ID),
                        from,
                        from + event.length(AdEvents.EVENT_ID),
                        latest.bytes(AdEvents.EVENT_ID),
                        mine,
                        mine + latest.length(AdEvents.EVENT_ID))
                > 0;
    }

    String adId() {
        return latest.string(AdEvents.AD_ID);
    }

    String campaignId() {
        return latest.string(AdEvents.CAMPAIGN_ID);
    }

    String advertiserId() {
        return latest.string(AdEvents.ADVERTISER_ID);
    }

    Latest latest(String campaignId, String advertiserId) {
        return new Latest(
                latest.eventTime,
                latest.string(AdEvents.EVENT_ID),
                campaignId,
                advertiserId,
                latest.string(AdEvents.CATEGORY));
    }
}
