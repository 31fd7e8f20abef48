package io.adstream.local.traffic;

import java.util.SplittableRandom;

/** People in the shop: they view products, fill carts and buy. */
final class Shop {

    /** How many visits are in a shop that writes the short form, without ids. */
    static final double BARE_SHARE = 0.25;

    private static final int MEAN_EVENTS = 7;

    private final CommerceEventRecords records;
    private final FollowUps followUps;
    private final Disorder disorder;
    private final SplittableRandom random;
    private final OpenVisits<Visit> visits;

    private static final class Visit {
        final Session session;
        final boolean bare;
        int product = -1;
        boolean carted;

        Visit(Session session, boolean bare) {
            this.session = session;
            this.bare = bare;
        }
    }

    Shop(
            SimulationOptions options,
            Audience audience,
            CommerceEventRecords records,
            FollowUps followUps,
            Disorder disorder,
            SplittableRandom random) {
        this.records = records;
        this.followUps = followUps;
        this.disorder = disorder;
        this.random = random;
        visits =
                new OpenVisits<>(
                        options.rate() * options.commerceShare(),
                        MEAN_EVENTS,
                        () ->
                                new Visit(
                                        audience.identifiedVisit(random),
                                        random.nextDouble() < BARE_SHARE),
                        random);
    }

    /** What the next person does in the shop. */
    TrafficRecord next(long now) {
        Visit visit = visits.next();
        long time = disorder.eventTime(now, FollowUp.NO_CAUSE);
        int choice = random.nextInt(100);
        if (visit.product >= 0 && visit.carted && choice < 35) {
            visit.carted = false;
            if (random.nextInt(30) == 0) {
                // A conversion that no ad led to: nobody will find its click.
                long value = Products.price(visit.product);
                followUps.plan(
                        FollowUp.Kind.CONVERSION, now + 1, visit.session, null, time, null, value);
            }
            return record(now, time, visit, "purchase");
        }
        if (visit.product >= 0 && !visit.carted && choice < 15) {
            visit.carted = true;
            return record(now, time, visit, "cart");
        }
        if (visit.product < 0 || choice < 70) {
            visit.product = Products.draw(random);
            visit.carted = false;
        }
        return record(now, time, visit, "view");
    }

    private TrafficRecord record(long now, long time, Visit visit, String type) {
        return visit.bare
                ? records.bare(now, time, visit.session, type, visit.product)
                : records.full(now, time, visit.session, type, visit.product);
    }

    /**
     * The shop's own record of a conversion.
     *
     * @param price in micros
     */
    TrafficRecord purchase(long now, long time, Session session, long price) {
        return records.full(now, time, session, "purchase", Products.draw(random), price);
    }
}
