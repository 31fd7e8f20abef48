package io.adstream.local.traffic;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that will happen because something else did. */
final class FollowUp {

    /** In place of the cause's event time where nothing before it is its cause. */
    static final long NO_CAUSE = Long.MIN_VALUE;

    enum Kind {
        /** A click on an impression that was shown. */
        CLICK,
        /** The same person meets the advertiser again before a conversion, and clicks. */
        RETURN,
        CONVERSION,
        /** The shop's own record of a conversion. */
        PURCHASE,
        FLOOD_CLICK
    }

    final Kind kind;
    final long due;
    final long order;
    final Session session;
    final @Nullable Ad ad;

    /** Event time of what caused it: it happens after that. */
    final long cause;

    final @Nullable Path path;
    final long micros;

    FollowUp(
            Kind kind,
            long due,
            long order,
            Session session,
            @Nullable Ad ad,
            long cause,
            @Nullable Path path,
            long micros) {
        this.kind = kind;
        this.due = due;
        this.order = order;
        this.session = session;
        this.ad = ad;
        this.cause = cause;
        this.path = path;
        this.micros = micros;
    }

    /** A journey while it lasts. */
    static final class Path {
        final List<Journey.Touch> touches = new ArrayList<>();
        Session lastSession;
        Ad lastAd;

        Path(Session session, Ad ad) {
            lastSession = session;
            lastAd = ad;
        }
    }
}
