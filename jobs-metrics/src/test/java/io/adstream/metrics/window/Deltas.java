package io.adstream.metrics.window;

import io.adstream.metrics.EntityType;
import io.adstream.metrics.slice.Latest;
import io.adstream.metrics.slice.SliceDelta;
import java.time.Instant;
import java.util.List;

/**
 * What one event adds, as its three deltas: {@code click("12:00:30").price(250_000).all()}. Where
 * nothing else is said the event is of ad-1, cmp-1, adv-1, on 2026-11-20.
 */
final class Deltas {

    private final SliceDelta sums = new SliceDelta("", 0);
    private final long time;
    private String ad = "ad-1";
    private String campaign = "cmp-1";
    private String advertiser = "adv-1";

    private Deltas(long time) {
        this.time = time;
    }

    static Deltas impression(String time) {
        Deltas deltas = new Deltas(millis(time));
        deltas.sums.impressions = 1;
        return deltas;
    }

    static Deltas click(String time) {
        return click(millis(time));
    }

    static Deltas click(long time) {
        Deltas deltas = new Deltas(time);
        deltas.sums.clicks = 1;
        return deltas;
    }

    static Deltas conversion(String time) {
        Deltas deltas = new Deltas(millis(time));
        deltas.sums.conversions = 1;
        return deltas;
    }

    /** Epoch milliseconds of a time of day on 2026-11-20. */
    static long millis(String time) {
        return Instant.parse("2026-11-20T" + time + "Z").toEpochMilli();
    }

    Deltas of(String adId, String campaignId, String advertiserId) {
        ad = adId;
        campaign = campaignId;
        advertiser = advertiserId;
        return this;
    }

    Deltas price(long micros) {
        sums.cost = micros;
        return this;
    }

    Deltas value(long micros) {
        sums.revenue = micros;
        return this;
    }

    List<SliceDelta> all() {
        SliceDelta ofAd = delta(EntityType.AD.key(ad));
        ofAd.latest = new Latest(time, "e@" + time, campaign, advertiser, "shoes");
        return List.of(
                ofAd,
                delta(EntityType.CAMPAIGN.key(campaign)),
                delta(EntityType.ADVERTISER.key(advertiser)));
    }

    private SliceDelta delta(String entityKey) {
        SliceDelta delta = new SliceDelta(entityKey, Math.floorDiv(time, 60_000L) * 60_000);
        delta.impressions = sums.impressions;
        delta.clicks = sums.clicks;
        delta.conversions = sums.conversions;
        delta.cost = sums.cost;
        delta.revenue = sums.revenue;
        return delta;
    }
}
