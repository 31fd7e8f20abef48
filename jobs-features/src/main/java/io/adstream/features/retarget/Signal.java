package io.adstream.features.retarget;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A reason to address a user again. Times are event times, epoch milliseconds.
 *
 * @param userId who
 * @param type why
 * @param product what it is about; null for a cart
 * @param since what it began with: the cart event, or the first of the views
 * @param at when the reason was there
 * @param expiresAt when it no longer is one
 */
public record Signal(
        String userId,
        SignalType type,
        @Nullable String product,
        long since,
        long at,
        long expiresAt) {

    private static final int ID_BYTES = 16;

    /** The same reason has the same id, also after a restart: 32 digits of SHA-256. */
    public String id() {
        String text = userId.length() + ":" + userId + type + since + ":" + product;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Whether a purchase settles it: of anything for a cart, of the product for views. */
    boolean isSettledBy(@Nullable String bought, long time) {
        return time >= since
                && time < expiresAt
                && (type == SignalType.CART_ABANDONED || bought == null || bought.equals(product));
    }
}
