package io.adstream.features.event;

import org.jspecify.annotations.Nullable;

/**
 * What one user did, with only that of it which features are made of.
 *
 * @param userId who
 * @param kind what
 * @param time event time, epoch milliseconds
 * @param arrival the record's Kafka timestamp, epoch milliseconds
 * @param price of the product in micros; {@link #NO_PRICE} where none is given
 * @param category of the product or the ad; null where none is known
 * @param product null where none is known
 * @param late whether it came too late to count: a purchase that still cancels signals
 */
public record UserEvent(
        String userId,
        Kind kind,
        long time,
        long arrival,
        long price,
        @Nullable String category,
        @Nullable String product,
        boolean late) {

    /** No price is given. */
    public static final long NO_PRICE = -1;

    /** What users do. */
    public enum Kind {
        VIEW(1),
        CART(3),
        PURCHASE(5),
        IMPRESSION(0),
        CLICK(2),
        CONVERSION(5);

        private final int interest;

        Kind(int interest) {
            this.interest = interest;
        }

        /** How much interest in its category it shows; 0 where it shows none. */
        public int interest() {
            return interest;
        }

        /** Whether it happened in the shop. */
        public boolean inShop() {
            return this == VIEW || this == CART || this == PURCHASE;
        }

        /** Its place among the three kinds of its topic. */
        public int indexInTopic() {
            return inShop() ? ordinal() : ordinal() - IMPRESSION.ordinal();
        }
    }
}
