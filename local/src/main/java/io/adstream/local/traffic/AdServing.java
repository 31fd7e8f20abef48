package io.adstream.local.traffic;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Which ad is shown, how often it is clicked and what a click costs, incidents included. */
final class AdServing {

    private final Marketplace market;
    private final AdServer adServer;
    private final IncidentPlan incidents;
    private final SplittableRandom random;
    private long freshAds;

    AdServing(
            Marketplace market,
            AdServer adServer,
            IncidentPlan incidents,
            SplittableRandom random) {
        this.market = market;
        this.adServer = adServer;
        this.incidents = incidents;
        this.random = random;
    }

    /** The ad of the next impression; null where no campaign drawn may be shown. */
    @Nullable Ad choose(long now) {
        for (int attempt = 0; attempt < 8; attempt++) {
            Ad ad = draw(now);
            if (adServer.serves(ad.campaign())) {
                return ad;
            }
        }
        return null;
    }

    /** Another ad of the same campaign, or the same; null where it may not be shown. */
    @Nullable Ad chooseSibling(Ad ad) {
        Ad sibling = market.sibling(ad, random);
        return adServer.serves(sibling.campaign()) ? sibling : null;
    }

    private Ad draw(long now) {
        if (incidents.covers(Scenario.HOT_AD, now) && random.nextInt(10) != 0) {
            return market.ad(0);
        }
        if (incidents.covers(Scenario.KEY_EXPLOSION, now) && random.nextBoolean()) {
            return market.fresh(++freshAds, random);
        }
        return market.draw(random);
    }

    /** Clicks per impression, 0 to 0.9. */
    double clickRate(Ad ad, long now) {
        double rate = ad.clickRate();
        if (incidents.targets(Scenario.CTR_SPIKE, ad.id(), now)) {
            rate *= 15;
        }
        if (incidents.targets(Scenario.QUALITY_DROP, ad.id(), now)) {
            rate *= 0.05;
        }
        if (incidents.targets(Scenario.BUDGET_BURST, ad.campaign().id(), now)) {
            rate *= 5;
        }
        return Math.min(rate, 0.9);
    }

    /**
     * Prices a click and tells the ad server what was spent.
     *
     * @param now when it is sent, epoch milliseconds
     * @param time when it happened, epoch milliseconds
     * @return the price in micros
     */
    long charge(Ad ad, long now, long time) {
        // What the second bidder offered: below the ad's own bid, in hundredths of a cent.
        long micros = ad.priceMicros() * (600 + random.nextInt(400)) / 100_000 * 100;
        if (incidents.targets(Scenario.BUDGET_BURST, ad.campaign().id(), now)) {
            micros *= 10;
        }
        adServer.spent(ad.campaign(), time, micros);
        return micros;
    }
}
