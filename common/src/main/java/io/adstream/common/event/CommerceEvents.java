package io.adstream.common.event;

/**
 * Where the fields of {@code commerce-events} lie in an {@link InputEvent}: string field indexes,
 * number indexes, and event type indexes of {@link EventContract#COMMERCE_EVENTS}.
 */
public final class CommerceEvents {

    public static final int USER_ID = 0;

    /** May be absent: such a record is never a duplicate. */
    public static final int EVENT_ID = 1;

    public static final int PRODUCT_ID = 2;
    public static final int CATEGORY = 3;
    public static final int SESSION_ID = 4;

    /** Number index: the product's price, micros. */
    public static final int PRICE = 0;

    public static final int VIEW = 0;
    public static final int CART = 1;
    public static final int PURCHASE = 2;

    private CommerceEvents() {}
}
