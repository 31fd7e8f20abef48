package io.adstream.local.traffic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What comes of an impression: clicks, further clicks on other visits, conversions and purchases.
 * Knows which clicks led to which conversion.
 */
final class CustomerJourneys {

    private static final long MINUTE = 60_000;

    private final boolean withShop;
    private final Audience audience;
    private final AdServing serving;
    private final IncidentPlan incidents;
    private final AdEventRecords records;
    private final Shop shop;
    private final FollowUps followUps;
    private final Disorder disorder;
    private final SplittableRandom random;

    CustomerJourneys(
            SimulationOptions options,
            Audience audience,
            AdServing serving,
            IncidentPlan incidents,
            AdEventRecords records,
            Shop shop,
            FollowUps followUps,
            Disorder disorder,
            SplittableRandom random) {
        withShop = options.commerceShare() > 0;
        this.audience = audience;
        this.serving = serving;
        this.incidents = incidents;
        this.records = records;
        this.shop = shop;
        this.followUps = followUps;
        this.disorder = disorder;
        this.random = random;
    }

    /**
     * What was planned happens.
     *
     * @return the record of it; null where an incident or the ad server keeps it from happening
     */
    @Nullable TrafficRecord follow(FollowUp due, long now) {
        long time = disorder.eventTime(now, due.cause);
        return switch (due.kind) {
            case CLICK, FLOOD_CLICK -> click(due, now, time);
            case RETURN -> comeBack(due, now, time);
            case CONVERSION -> convert(due, now, time);
            case PURCHASE -> shop.purchase(now, time, due.session, due.micros);
        };
    }

    private TrafficRecord click(FollowUp due, long now, long time) {
        Ad ad = due.ad;
        if (ad == null) {
            throw new IllegalStateException("A click without an ad");
        }
        long price = serving.charge(ad, now, time);
        TrafficRecord click = records.click(now, time, due.session, ad, price);
        if (due.kind == FollowUp.Kind.CLICK) {
            touched(due, click, ad);
        }
        return click;
    }

    /** A click is a touch of its journey, or may begin one that ends with a conversion. */
    private void touched(FollowUp due, TrafficRecord click, Ad ad) {
        FollowUp.Path path = due.path;
        Session session = due.session;
        boolean first = path == null;
        if (first) {
            if (random.nextDouble() >= ad.conversionRate()) {
                return;
            }
            path = new FollowUp.Path(session, ad);
        }
        path.touches.add(
                new Journey.Touch(
                        TrafficRecord.uuid(click.idHigh, click.idLow),
                        click.eventTime,
                        ad.id(),
                        session.sessionId,
                        session.deviceId));
        path.lastSession = session;
        path.lastAd = ad;
        if (first) {
            planConversion(path, click, session, ad);
        }
    }

    private void planConversion(FollowUp.Path path, TrafficRecord click, Session session, Ad ad) {
        double kind = random.nextDouble();
        long lag;
        if (kind < 0.5) {
            lag = 20_000 + followUps.lag(30 * MINUTE);
        } else if (kind < 0.9) {
            lag = 30 * MINUTE + followUps.lag(12 * 60 * MINUTE);
        } else {
            lag = 12 * 60 * MINUTE + random.nextLong(28 * 60 * MINUTE);
        }
        double more = random.nextDouble();
        int returns = more < 0.6 ? 0 : more < 0.85 ? 1 : more < 0.95 ? 2 : 3;
        for (int i = 0; i < returns; i++) {
            long when = click.sentAt + 10_000 + random.nextLong(Math.max(1, lag - 10_000));
            Session later = audience.visit(session.user, random);
            followUps.plan(FollowUp.Kind.RETURN, when, later, ad, click.eventTime, path);
        }
        long at = click.sentAt + lag;
        followUps.plan(FollowUp.Kind.CONVERSION, at, session, ad, click.eventTime, path);
    }

    private @Nullable TrafficRecord comeBack(FollowUp due, long now, long time) {
        FollowUp.Path path = due.path;
        if (path == null) {
            throw new IllegalStateException("A return without a path");
        }
        Ad ad = serving.chooseSibling(path.lastAd);
        if (ad == null) {
            return null;
        }
        TrafficRecord impression = records.impression(now, time, due.session, ad);
        long clickAt = now + 1000 + followUps.lag(4_000);
        followUps.plan(FollowUp.Kind.CLICK, clickAt, due.session, ad, time, path);
        return impression;
    }

    private @Nullable TrafficRecord convert(FollowUp due, long now, long time) {
        FollowUp.Path path = due.path;
        Ad ad = path == null ? null : path.lastAd;
        if (isLost(ad, now)) {
            return null;
        }
        long value = ad == null ? due.micros : orderValue(ad);
        Session session = due.session;
        Journey journey = null;
        boolean namesAd = ad != null && random.nextInt(4) != 0;
        if (path != null) {
            boolean soon = now - due.cause < 30 * MINUTE && random.nextInt(10) < 7;
            session = soon ? path.lastSession : audience.visit(session.user, random);
            journey =
                    Journey.of(touchesUntil(time, path), session.sessionId, session.deviceId, time);
            if (withShop && !session.anonymous) {
                followUps.plan(FollowUp.Kind.PURCHASE, now + 1, session, null, time, null, value);
            }
        }
        TrafficRecord conversion =
                namesAd
                        ? records.conversion(now, time, session, ad, value)
                        : records.pixelConversion(now, time, session, ad, value);
        conversion.journey = journey;
        return conversion;
    }

    /** Whether an incident keeps the conversion from being recorded. */
    private boolean isLost(@Nullable Ad ad, long now) {
        return incidents.covers(Scenario.TRACKING_OUTAGE, now)
                || (ad != null
                        && incidents.targets(Scenario.CVR_DROP, ad.id(), now)
                        && random.nextInt(10) != 0);
    }

    /** From half to twice the ad's typical order, in micros; whole cents. */
    private long orderValue(Ad ad) {
        long cents = ad.orderMicros() / 10_000 * (50 + random.nextInt(150)) / 100;
        return 10_000 * Math.max(1, cents);
    }

    /** The clicks of a journey up to a time, oldest first. */
    private static List<Journey.Touch> touchesUntil(long time, FollowUp.Path path) {
        List<Journey.Touch> before = new ArrayList<>();
        for (Journey.Touch touch : path.touches) {
            if (touch.clickTime() <= time) {
                before.add(touch);
            }
        }
        before.sort(Comparator.comparingLong(Journey.Touch::clickTime));
        return before;
    }
}
