package io.adstream.features.retarget;

import io.adstream.features.state.Varints;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signals of one user. Signals begin in the order of event time, so that a purchase that
 * arrived later but came before prevents them; a purchase cancels what is in force as soon as it
 * arrives.
 *
 * <p>CART_ABANDONED: a cart event after which nothing was bought for {@code cartTimeout}, both ends
 * included; a cart is open from the first such event on. REPEATED_VIEW: {@code repeatedViews} views
 * of a product within {@code viewSpan} and no purchase of it since the first. Neither begins again
 * while it is in force.
 */
public final class Retargeting {

    private static final long NONE = Long.MIN_VALUE;

    /** Takes what happens to signals. */
    @FunctionalInterface
    public interface Output {
        void notice(SignalNotice notice);
    }

    /** A signal, until the watermark has passed what ended it. */
    private static final class InForce {
        final Signal signal;

        /** The earliest purchase that settles it; MAX_VALUE where there is none. */
        long cancelledAt = Long.MAX_VALUE;

        InForce(Signal signal) {
            this.signal = signal;
        }

        boolean at(long time) {
            return time < cancelledAt && time < signal.expiresAt();
        }
    }

    private final List<InForce> signals = new ArrayList<>(0);
    private ProductViews views = new ProductViews();
    private long openCart = NONE;
    private long lastPurchase = NONE;
    private long version;
    private long suppressed;

    /** An event of the shop, in the order of event time. */
    public void view(
            String userId,
            @Nullable String product,
            long time,
            RetargetingRules rules,
            Output out) {
        passTime(userId, time, rules, out);
        if (product == null
                || time <= lastPurchase
                || inForce(SignalType.REPEATED_VIEW, product, time)) {
            return;
        }
        long first = views.add(product, time, rules);
        if (first != Long.MAX_VALUE) {
            begin(
                    new Signal(
                            userId,
                            SignalType.REPEATED_VIEW,
                            product,
                            first,
                            time,
                            time + rules.timeToLive()),
                    rules,
                    out);
        }
    }

    /** How many views of a product are remembered. */
    public int views(String product) {
        return views.of(product);
    }

    /** Something was put into the cart, in the order of event time. */
    public void cart(String userId, long time, RetargetingRules rules, Output out) {
        passTime(userId, time, rules, out);
        if (time > lastPurchase && !inForce(SignalType.CART_ABANDONED, null, time)) {
            openCart = openCart == NONE ? time : Math.min(openCart, time);
        }
    }

    /** Something was bought, in the order of event time or later. */
    public void purchase(
            String userId,
            @Nullable String product,
            long time,
            RetargetingRules rules,
            Output out) {
        passTime(userId, time, rules, out);
        lastPurchase = Math.max(lastPurchase, time);
        if (openCart <= time) {
            openCart = NONE;
        }
        views.bought(product, time);
        cancel(product, time, out);
    }

    /**
     * Cancels what is in force and what a purchase settles; it may still be ahead of other events.
     */
    public void cancel(@Nullable String product, long time, Output out) {
        for (InForce one : signals) {
            if (!one.signal.isSettledBy(product, time)) {
                continue;
            }
            if (one.cancelledAt == Long.MAX_VALUE) {
                changeAt(time);
                out.notice(new SignalNotice(one.signal, true, time));
            }
            one.cancelledAt = Math.min(one.cancelledAt, time);
        }
    }

    private boolean inForce(SignalType type, @Nullable String product, long time) {
        for (InForce one : signals) {
            if (one.signal.type() == type
                    && (product == null || product.equals(one.signal.product()))
                    && one.at(time)) {
                return true;
            }
        }
        return false;
    }

    /** A cart that was open for the whole time is abandoned before anything later happens. */
    private void passTime(String userId, long time, RetargetingRules rules, Output out) {
        if (openCart != NONE && time > openCart + rules.cartTimeout()) {
            abandon(userId, rules, out);
        }
    }

    private void abandon(String userId, RetargetingRules rules, Output out) {
        long at = openCart + rules.cartTimeout();
        Signal signal =
                new Signal(
                        userId,
                        SignalType.CART_ABANDONED,
                        null,
                        openCart,
                        at,
                        at + rules.timeToLive());
        openCart = NONE;
        begin(signal, rules, out);
    }

    private void begin(Signal signal, RetargetingRules rules, Output out) {
        int inForce = 0;
        for (InForce one : signals) {
            inForce += one.at(signal.at()) ? 1 : 0;
        }
        if (inForce >= rules.maxSignals()) {
            suppressed++;
            return;
        }
        signals.add(new InForce(signal));
        changeAt(signal.at());
        out.notice(new SignalNotice(signal, false, signal.at()));
    }

    private void changeAt(long time) {
        version = Math.max(version + 1, time);
    }

    /** Lets time reach the watermark; every event up to it has been given. */
    public void advance(String userId, long watermark, RetargetingRules rules, Output out) {
        if (openCart != NONE && openCart + rules.cartTimeout() <= watermark) {
            abandon(userId, rules, out);
        }
        views.forget(watermark, rules.viewSpan());
        for (Iterator<InForce> all = signals.iterator(); all.hasNext(); ) {
            InForce one = all.next();
            if (one.cancelledAt <= watermark || one.signal.expiresAt() <= watermark) {
                if (one.cancelledAt == Long.MAX_VALUE) {
                    changeAt(one.signal.expiresAt());
                }
                all.remove();
            }
        }
    }

    /**
     * Grows with each change of the signals in force, and is no less than its event time: where all
     * state was lost, what is new still replaces what Redis holds.
     */
    public long version() {
        return version;
    }

    /** Signals that did not begin since there were too many; counted since the last call. */
    public long takeSuppressed() {
        long taken = suppressed;
        suppressed = 0;
        return taken;
    }

    /** The signals in force, the newest first. */
    public List<Signal> inForce() {
        List<Signal> inForce = new ArrayList<>(signals.size());
        for (InForce one : signals) {
            if (one.cancelledAt == Long.MAX_VALUE) {
                inForce.add(one.signal);
            }
        }
        inForce.sort(Comparator.comparingLong(Signal::at).reversed().thenComparing(Signal::id));
        return inForce;
    }

    /** Whether any signal is remembered. */
    public boolean hasSignals() {
        return !signals.isEmpty();
    }

    /** The watermark at which something is to be done; {@link Long#MAX_VALUE} for nothing. */
    public long due(RetargetingRules rules) {
        long due = views.due(rules.viewSpan());
        if (openCart != NONE) {
            due = Math.min(due, openCart + rules.cartTimeout());
        }
        for (InForce one : signals) {
            due = Math.min(due, Math.min(one.cancelledAt, one.signal.expiresAt()));
        }
        return due;
    }

    /** Whether nothing is open or in force. */
    public boolean isEmpty() {
        return signals.isEmpty() && views.isEmpty() && openCart == NONE;
    }

    /** Whether this is as at first. */
    public boolean isUntouched() {
        return isEmpty() && version == 0 && lastPurchase == NONE;
    }

    /** Writes the state; {@link #read} is its counterpart. */
    public void write(DataOutput out) throws IOException {
        Varints.write(version, out);
        Varints.writeTime(openCart, NONE, out);
        Varints.writeTime(lastPurchase, NONE, out);
        views.write(out);
        Varints.write(signals.size(), out);
        for (InForce one : signals) {
            Signal signal = one.signal;
            out.writeByte(signal.type().ordinal());
            Varints.writeText(signal.product(), out);
            Varints.write(signal.since(), out);
            Varints.write(signal.at() - signal.since(), out);
            Varints.write(signal.expiresAt() - signal.at(), out);
            Varints.writeTime(one.cancelledAt, Long.MAX_VALUE, out);
        }
    }

    /** Reads what {@link #write} has written. */
    public static Retargeting read(String userId, DataInput in) throws IOException {
        Retargeting read = new Retargeting();
        read.version = Varints.read(in);
        read.openCart = Varints.readTime(NONE, in);
        read.lastPurchase = Varints.readTime(NONE, in);
        read.views = ProductViews.read(in);
        for (long left = Varints.read(in); left > 0; left--) {
            SignalType type = SignalType.values()[in.readByte()];
            String product = Varints.readText(in);
            long since = Varints.read(in);
            long at = since + Varints.read(in);
            long expiresAt = at + Varints.read(in);
            InForce one = new InForce(new Signal(userId, type, product, since, at, expiresAt));
            one.cancelledAt = Varints.readTime(Long.MAX_VALUE, in);
            read.signals.add(one);
        }
        return read;
    }
}
