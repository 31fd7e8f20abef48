package io.adstream.metrics.slice;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.common.event.AdEvents;
import io.adstream.common.event.InputEvent;
import io.adstream.common.money.Micros;
import java.util.Arrays;

/** Sums of one (ad, campaign, advertiser) in one minute, on heap between two flushes. */
final class Slice {

    /** Room for a UUID and a short category. */
    private static final int LATEST_BYTES = 64;

    final int hash;
    final long minute;

    long impressions;
    long clicks;
    long conversions;
    long cost;
    long revenue;

    /**
     * Ad, campaign and advertiser, one after the other: compared with each event, so they lie
     * together and apart from the large record that they came with.
     */
    private final byte[] names;

    private final int adLength;
    private final int campaignLength;

    private long latestTime = Long.MIN_VALUE;

    /**
     * Event id and category of the latest event, one after the other. A copy: an event of a
     * kilobyte that is held until the flush outlives collections of garbage that would else cost
     * nothing.
     */
    private byte[] latest = new byte[LATEST_BYTES];

    private int latestIdLength;

    /** {@link InputEvent#ABSENT} where the latest event has no category. */
    private int latestCategoryLength = InputEvent.ABSENT;

    Slice(int hash, long minute, InputEvent event) {
        this.hash = hash;
        this.minute = minute;
        adLength = event.length(AdEvents.AD_ID);
        campaignLength = event.length(AdEvents.CAMPAIGN_ID);
        int advertiserLength = event.length(AdEvents.ADVERTISER_ID);
        names = new byte[adLength + campaignLength + advertiserLength];
        copy(event, AdEvents.AD_ID, names, 0);
        copy(event, AdEvents.CAMPAIGN_ID, names, adLength);
        copy(event, AdEvents.ADVERTISER_ID, names, adLength + campaignLength);
    }

    private static void copy(InputEvent event, int field, byte[] to, int at) {
        int length = event.length(field);
        if (length > 0) {
            System.arraycopy(event.bytes(field), event.offset(field), to, at, length);
        }
    }

    boolean isOf(InputEvent event, long minute) {
        int advertiser = adLength + campaignLength;
        return this.minute == minute
                && isNamed(event, AdEvents.AD_ID, 0, adLength)
                && isNamed(event, AdEvents.CAMPAIGN_ID, adLength, advertiser)
                && isNamed(event, AdEvents.ADVERTISER_ID, advertiser, names.length);
    }

    private boolean isNamed(InputEvent event, int field, int from, int to) {
        int start = event.offset(field);
        return Arrays.equals(
                names, from, to, event.bytes(field), start, start + event.length(field));
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
            keepLatest(event);
        }
    }

    private static long addMoney(long sum, long micros) {
        return micros == InputEvent.NO_NUMBER ? sum : Micros.addCapped(sum, micros);
    }

    private boolean isLater(InputEvent event) {
        if (event.eventTime != latestTime) {
            return event.eventTime > latestTime;
        }
        int from = event.offset(AdEvents.EVENT_ID);
        return Arrays.compareUnsigned(
                        event.bytes(AdEvents.EVENT_ID),
                        from,
                        from + event.length(AdEvents.EVENT_ID),
                        latest,
                        0,
                        latestIdLength)
                > 0;
    }

    private void keepLatest(InputEvent event) {
        latestTime = event.eventTime;
        latestIdLength = event.length(AdEvents.EVENT_ID);
        latestCategoryLength = event.length(AdEvents.CATEGORY);
        int length = latestIdLength + Math.max(0, latestCategoryLength);
        if (length > latest.length) {
            latest = new byte[length];
        }
        copy(event, AdEvents.EVENT_ID, latest, 0);
        copy(event, AdEvents.CATEGORY, latest, latestIdLength);
    }

    String adId() {
        return name(0, adLength);
    }

    String campaignId() {
        return name(adLength, adLength + campaignLength);
    }

    String advertiserId() {
        return name(adLength + campaignLength, names.length);
    }

    private String name(int from, int to) {
        return new String(names, from, to - from, UTF_8);
    }

    Latest latest(String campaignId, String advertiserId) {
        return new Latest(
                latestTime,
                new String(latest, 0, latestIdLength, UTF_8),
                campaignId,
                advertiserId,
                latestCategoryLength == InputEvent.ABSENT
                        ? null
                        : new String(latest, latestIdLength, latestCategoryLength, UTF_8));
    }
}
