package io.adstream.testing.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A retargeting signal that must have been sent.
 *
 * @param signal its name
 * @param product null for a cart
 * @param at when it began
 * @param cancelledAt the purchase that settles it; null where there is none
 */
public record ExpectedSignal(
        String userId,
        String signal,
        @Nullable String product,
        Instant at,
        Instant expiresAt,
        @Nullable Instant cancelledAt) {

    private static final Duration CART_TIMEOUT = Duration.ofMinutes(30);
    private static final Duration VIEW_SPAN = Duration.ofHours(1);
    private static final Duration TIME_TO_LIVE = Duration.ofHours(24);
    private static final int VIEWS = 3;

    /**
     * The signals of one user, by what the rules say: it jumps from each signal to what ends it.
     *
     * @param actions in order of time
     */
    static List<ExpectedSignal> of(String user, List<UserAction> actions) {
        List<ExpectedSignal> signals = new ArrayList<>(abandonedCarts(user, actions));
        TreeSet<String> products = new TreeSet<>();
        for (UserAction action : actions) {
            if (action.kind().equals("view") && action.product() != null) {
                products.add(action.product());
            }
        }
        for (String product : products) {
            signals.addAll(repeatedViews(user, product, actions));
        }
        return signals;
    }

    private static List<ExpectedSignal> abandonedCarts(String user, List<UserAction> actions) {
        List<ExpectedSignal> signals = new ArrayList<>();
        Instant free = Instant.MIN;
        for (UserAction cart : actions) {
            if (!cart.kind().equals("cart") || cart.time().isBefore(free)) {
                continue;
            }
            Instant deadline = cart.time().plus(CART_TIMEOUT);
            Instant bought = firstPurchase(actions, null, cart.time());
            if (bought != null && !bought.isAfter(deadline)) {
                free = bought.plusMillis(1);
                continue;
            }
            Instant expires = deadline.plus(TIME_TO_LIVE);
            boolean cancelled = bought != null && bought.isBefore(expires);
            signals.add(
                    new ExpectedSignal(
                            user,
                            "CART_ABANDONED",
                            null,
                            deadline,
                            expires,
                            cancelled ? bought : null));
            free = cancelled ? bought.plusMillis(1) : expires;
        }
        return signals;
    }

    private static List<ExpectedSignal> repeatedViews(
            String user, String product, List<UserAction> actions) {
        List<ExpectedSignal> signals = new ArrayList<>();
        List<Instant> views = new ArrayList<>();
        for (UserAction action : actions) {
            if (action.kind().equals("view") && product.equals(action.product())) {
                views.add(action.time());
            }
        }
        Instant free = Instant.MIN;
        for (int third = VIEWS - 1; third < views.size(); third++) {
            Instant first = views.get(third - (VIEWS - 1));
            Instant at = views.get(third);
            if (first.isBefore(free) || first.isBefore(at.minus(VIEW_SPAN))) {
                continue;
            }
            Instant bought = firstPurchase(actions, product, first);
            if (bought != null && bought.isBefore(at)) {
                continue;
            }
            Instant expires = at.plus(TIME_TO_LIVE);
            boolean cancelled = bought != null && bought.isBefore(expires);
            signals.add(
                    new ExpectedSignal(
                            user,
                            "REPEATED_VIEW",
                            product,
                            at,
                            expires,
                            cancelled ? bought : null));
            free = cancelled ? bought.plusMillis(1) : expires;
        }
        return signals;
    }

    /** The first purchase not before a time: of anything, or one that settles a product. */
    private static @Nullable Instant firstPurchase(
            List<UserAction> actions, @Nullable String product, Instant from) {
        for (UserAction action : actions) {
            if (action.kind().equals("purchase")
                    && !action.time().isBefore(from)
                    && (product == null
                            || action.product() == null
                            || product.equals(action.product()))) {
                return action.time();
            }
        }
        return null;
    }

    /** Whether it has been sent when the watermark is there. */
    public boolean begunBy(Instant watermark) {
        return !at.isAfter(watermark);
    }

    /** Whether it is in force: begun, not settled and not over. */
    public boolean inForce(Instant watermark) {
        return begunBy(watermark) && cancelledAt == null && expiresAt.isAfter(watermark);
    }
}
