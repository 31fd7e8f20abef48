package io.adstream.testing.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a user did, in the shop or with ads.
 *
 * @param kind {@code view}, {@code cart}, {@code purchase}, {@code IMPRESSION}, {@code CLICK} or
 *     {@code CONVERSION}
 * @param price null where none is given
 */
public record UserAction(
        String userId,
        String kind,
        Instant time,
        @Nullable BigDecimal price,
        @Nullable String category,
        @Nullable String product) {

    /** Whether it is of {@code commerce-events}. */
    public boolean inShop() {
        return kind.equals("view") || kind.equals("cart") || kind.equals("purchase");
    }

    /** How much interest it shows. */
    int weight() {
        return switch (kind) {
            case "view" -> 1;
            case "CLICK" -> 2;
            case "cart" -> 3;
            case "purchase", "CONVERSION" -> 5;
            default -> 0;
        };
    }
}
