package io.adstream.local.traffic;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** People on publishers' pages: they see ads, and some will click. */
final class AdVisits {

    private static final int MEAN_EVENTS = 8;

    private final AdServing serving;
    private final AdEventRecords records;
    private final FollowUps followUps;
    private final Disorder disorder;
    private final SplittableRandom random;
    private final OpenVisits<Session> visits;

    AdVisits(
            SimulationOptions options,
            Audience audience,
            AdServing serving,
            AdEventRecords records,
            FollowUps followUps,
            Disorder disorder,
            SplittableRandom random) {
        this.serving = serving;
        this.records = records;
        this.followUps = followUps;
        this.disorder = disorder;
        this.random = random;
        visits =
                new OpenVisits<>(
                        options.rate() * (1 - options.commerceShare()),
                        MEAN_EVENTS,
                        () -> audience.visit(audience.draw(random), random),
                        random);
    }

    /** The next impression; null where no campaign may be shown. */
    @Nullable TrafficRecord next(long now) {
        Ad ad = serving.choose(now);
        if (ad == null) {
            return null;
        }
        Session session = visits.next();
        long time = disorder.eventTime(now, FollowUp.NO_CAUSE);
        TrafficRecord impression = records.impression(now, time, session, ad);
        if (random.nextDouble() < serving.clickRate(ad, now)) {
            long clickAt = now + 1000 + followUps.lag(29_000);
            followUps.plan(FollowUp.Kind.CLICK, clickAt, session, ad, time, null);
        }
        return impression;
    }
}
