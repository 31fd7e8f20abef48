package io.adstream.common.event;

/**
 * Where the fields of {@code ad-events} lie in an {@link InputEvent}: string field indexes, number
 * indexes, and event type indexes of {@link EventContract#AD_EVENTS}.
 */
public final class AdEvents {

    public static final int EVENT_ID = 0;
    public static final int AD_ID = 1;
    public static final int CAMPAIGN_ID = 2;
    public static final int ADVERTISER_ID = 3;
    public static final int USER_ID = 4;
    public static final int DEVICE_ID = 5;
    public static final int SESSION_ID = 6;
    public static final int IP = 7;
    public static final int CATEGORY = 8;

    /** Number index: what the click cost, micros. */
    public static final int ACTUAL_PRICE = 0;

    /** Number index: what the conversion was worth, micros. */
    public static final int CONVERSION_VALUE = 1;

    public static final int IMPRESSION = 0;
    public static final int CLICK = 1;
    public static final int CONVERSION = 2;

    private AdEvents() {}
}
