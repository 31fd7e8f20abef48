package io.adstream.features.user;

import io.adstream.features.event.UserEvent;
import io.adstream.features.hour.SlidingHour;
import io.adstream.features.profile.Interests;
import io.adstream.features.profile.ProfileRow;
import io.adstream.features.retarget.Retargeting;
import io.adstream.features.retarget.RetargetingRules;
import io.adstream.features.session.Sessions;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is known of one user: the rules of the parts, put together.
 *
 * <p>Hours and sessions take events as they arrive. Interests and signals take them in the order of
 * event time, when the watermark has reached the end of their minute or what may be a signal, so
 * that what is sent once does not depend on the order of arrival; until then events wait here. An
 * event that arrives behind the watermark, yet in time, has its turn at once.
 */
final class User {

    /** No time. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long MINUTE = 60_000;

    /** With so many events waiting a user does not wait for the minute to end. */
    private static final int MANY = 64;

    final String id;
    SlidingHour hour = new SlidingHour();
    Sessions inShop = new Sessions();
    Sessions withAds = new Sessions();
    Interests interests = new Interests();
    Retargeting retargeting = new Retargeting();

    /** In their order. */
    final List<Ahead> ahead = new ArrayList<>(2);

    /** End of the minute at which the profile is sent on, exclusive; NEVER where it is not. */
    long minuteEnd = NEVER;

    /** When the timer of the user fires; NEVER where there is none. */
    long timerAt = NEVER;

    // What follows is no state: it is about the user's place on heap.

    /** Whether state holds something older. */
    transient boolean changed;

    /** Whether Redis holds an older profile. */
    transient boolean profileChanged;

    /** Whether the profile waits for its turn to be written. */
    transient boolean queued;

    /** Whether this object was given up. */
    transient boolean evicted;

    /** Where in the index of what is due this user is; NEVER where it is not. */
    transient long scheduledAt = NEVER;

    /** What {@link #due} said last; the least there is where it was not asked yet. */
    transient long nextDue = Long.MIN_VALUE;

    User(String id) {
        this.id = id;
    }

    /** Takes an event in. */
    void add(UserEvent event, long watermark, UserRules rules, UserOutput out) {
        changed = true;
        if (event.late()) {
            long before = retargeting.version();
            retargeting.purchase(
                    id, event.product(), event.time(), rules.retargeting(), out::signal);
            tellOfSignals(before, out);
            return;
        }
        boolean shop = event.kind().inShop();
        if (shop) {
            hour.add(event, watermark, rules.lateness(), hourOutput(out));
        }
        boolean inSession =
                (shop ? inShop : withAds)
                        .add(
                                event.time(),
                                event.kind().indexInTopic(),
                                watermark,
                                rules.lateness(),
                                sessionOutput(shop, out));
        if (!inSession) {
            out.lateForSessions();
        }
        if (event.kind().interest() > 0) {
            profileChanged = true;
            takeInOrder(Ahead.of(event), watermark, rules, out);
        }
    }

    private void takeInOrder(Ahead event, long watermark, UserRules rules, UserOutput out) {
        long before = retargeting.version();
        if (event.time() <= watermark) {
            settle(event, Math.max(event.time(), watermark + 1), rules, out);
        } else {
            int at = ahead.size();
            while (at > 0 && Ahead.ORDER.compare(ahead.get(at - 1), event) > 0) {
                at--;
            }
            ahead.add(at, event);
            if (event.kind() == UserEvent.Kind.PURCHASE) {
                retargeting.cancel(event.product(), event.time(), out::signal);
            }
        }
        tellOfSignals(before, out);
    }

    /**
     * An event has its turn.
     *
     * @param now the time in whose minute it changes the profile
     */
    private void settle(Ahead event, long now, UserRules rules, UserOutput out) {
        if (now >= minuteEnd) {
            sendMinute(rules, out);
        }
        interests.add(
                event.category(),
                event.kind().interest(),
                event.time(),
                rules.halfLife(),
                rules.maxCategories());
        if (minuteEnd == NEVER) {
            minuteEnd = endOfMinute(now);
        }
        var retargetingRules = rules.retargeting();
        switch (event.kind()) {
            case VIEW ->
                    retargeting.view(
                            id, event.product(), event.time(), retargetingRules, out::signal);
            case CART -> retargeting.cart(id, event.time(), retargetingRules, out::signal);
            case PURCHASE ->
                    retargeting.purchase(
                            id, event.product(), event.time(), retargetingRules, out::signal);
            case IMPRESSION, CLICK, CONVERSION -> {}
        }
    }

    /** The end of the minute of a time, exclusive. */
    private static long endOfMinute(long time) {
        return Math.floorDiv(time, MINUTE) * MINUTE + MINUTE;
    }

    private void sendMinute(UserRules rules, UserOutput out) {
        interests.prune(rules.halfLife());
        out.minute(this, interests);
        minuteEnd = NEVER;
    }

    /** Lets time reach the watermark. */
    void advance(long watermark, UserRules rules, UserOutput out) {
        changed = true;
        long before = retargeting.version();
        int settled = 0;
        while (settled < ahead.size() && ahead.get(settled).time() <= watermark) {
            Ahead event = ahead.get(settled++);
            settle(event, event.time(), rules, out);
        }
        ahead.subList(0, settled).clear();
        retargeting.advance(id, watermark, rules.retargeting(), out::signal);
        if (retargeting.version() != before) {
            for (Ahead event : ahead) {
                if (event.kind() == UserEvent.Kind.PURCHASE) {
                    retargeting.cancel(event.product(), event.time(), out::signal);
                }
            }
        }
        tellOfSignals(before, out);
        if (minuteEnd != NEVER && minuteEnd - 1 <= watermark) {
            sendMinute(rules, out);
        }
        hour.advance(watermark, rules.lateness(), hourOutput(out));
        inShop.advance(watermark, rules.sessionRetention(), sessionOutput(true, out));
        withAds.advance(watermark, rules.sessionRetention(), sessionOutput(false, out));
        if (!interests.isEmpty()
                && ahead.isEmpty()
                && interests.newest() + rules.profileTimeToLive() <= watermark) {
            out.profileOver(this, interests.newest());
            interests = new Interests();
            profileChanged = false;
        }
    }

    private void tellOfSignals(long before, UserOutput out) {
        if (retargeting.version() != before) {
            out.signalsChanged(this);
        }
    }

    private SlidingHour.Output hourOutput(UserOutput out) {
        return (end, views, carts, purchases, averagePrice, newest) ->
                out.hour(this, end, views, carts, purchases, averagePrice, newest);
    }

    private Sessions.Output sessionOutput(boolean shop, UserOutput out) {
        return (start, last, counts, removed) ->
                out.session(this, shop, start, last, counts, removed);
    }

    /** The profile as of the newest event that has arrived. */
    ProfileRow profile(UserRules rules, long expiresAt) {
        Interests all = interests;
        if (!ahead.isEmpty()) {
            all = interests.copy();
            for (Ahead event : ahead) {
                all.add(
                        event.category(),
                        event.kind().interest(),
                        event.time(),
                        rules.halfLife(),
                        rules.maxCategories());
            }
        }
        return all.row(id, rules.halfLife(), rules.topCategories(), expiresAt);
    }

    /** Time of the newest event that a profile is made of. */
    long newestOfProfile() {
        return ahead.isEmpty()
                ? interests.newest()
                : Math.max(interests.newest(), ahead.get(ahead.size() - 1).time());
    }

    /** Writes what Redis should hold once more, apart from profile and signals. */
    void serve(long watermark, UserRules rules, UserOutput out) {
        hour.serve(hourOutput(out));
        inShop.serve(watermark, rules.sessionTimeToLive(), sessionOutput(true, out));
        withAds.serve(watermark, rules.sessionTimeToLive(), sessionOutput(false, out));
    }

    /** Whether there is a profile. */
    boolean hasProfile() {
        return !interests.isEmpty() || !ahead.isEmpty();
    }

    /** Whether an event waits that the watermark has reached. */
    boolean isBehind(long watermark) {
        return !ahead.isEmpty() && ahead.get(0).time() <= watermark;
    }

    /** The watermark at which something is to be done; {@link #NEVER} for nothing. */
    long due(UserRules rules) {
        long due = ahead.isEmpty() ? NEVER : nextTurn(rules.retargeting());
        if (minuteEnd != NEVER) {
            due = Math.min(due, minuteEnd - 1);
        }
        if (!interests.isEmpty()) {
            due = Math.min(due, interests.newest() + rules.profileTimeToLive());
        }
        due = Math.min(due, retargeting.due(rules.retargeting()));
        due = Math.min(due, hour.due(rules.lateness()));
        due = Math.min(due, inShop.due(rules.sessionRetention()));
        return Math.min(due, withAds.due(rules.sessionRetention()));
    }

    /** When waiting events have their turn: those of a minute together, a signal at once. */
    private long nextTurn(RetargetingRules signals) {
        long first = ahead.get(0).time();
        if (ahead.size() >= MANY) {
            return first;
        }
        long end = endOfMinute(first) - 1;
        for (int i = 0; i < ahead.size() && ahead.get(i).time() < end; i++) {
            Ahead event = ahead.get(i);
            if (event.kind() == UserEvent.Kind.VIEW && event.product() != null) {
                int views = retargeting.views(event.product());
                for (Ahead other : ahead.subList(0, i + 1)) {
                    views += event.product().equals(other.product()) ? 1 : 0;
                }
                if (views >= signals.repeatedViews()) {
                    return event.time();
                }
            }
        }
        return end;
    }

    /** Whether nothing is left to remember. */
    boolean isEmpty() {
        return ahead.isEmpty()
                && interests.isEmpty()
                && retargeting.isEmpty()
                && hour.isEmpty()
                && inShop.isEmpty()
                && withAds.isEmpty();
    }
}
