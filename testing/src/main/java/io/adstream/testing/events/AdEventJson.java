package io.adstream.testing.events;

/**
 * Builds records of {@code ad-events}: {@code click("c1").ad("ad-1").at("2026-11-20T10:00:00Z")
 * .price("0.25").json()}. Where nothing else is said an event belongs to ad {@code ad-1}, campaign
 * {@code cmp-1}, advertiser {@code adv-1}, and happens at {@link #DEFAULT_TIME}.
 */
public final class AdEventJson extends EventJson<AdEventJson> {

    /** When events happen for which no time is given. */
    public static final String DEFAULT_TIME = "2026-11-20T10:00:00.000Z";

    private AdEventJson(String eventId, String eventType) {
        with("event_id", eventId);
        with("event_type", eventType);
        at(DEFAULT_TIME);
        ad("ad-1").campaign("cmp-1").advertiser("adv-1");
    }

    /** An ad was shown. */
    public static AdEventJson impression(String eventId) {
        return new AdEventJson(eventId, "IMPRESSION");
    }

    /** An ad was clicked. */
    public static AdEventJson click(String eventId) {
        return new AdEventJson(eventId, "CLICK");
    }

    /** Something was bought or signed for. */
    public static AdEventJson conversion(String eventId) {
        return new AdEventJson(eventId, "CONVERSION");
    }

    /** A conversion as a shop's pixel reports it, which knows no ad. */
    public static AdEventJson pixelConversion(String eventId) {
        return conversion(eventId).without("ad_id").without("campaign_id").without("advertiser_id");
    }

    /** Sets {@code ad_id}. */
    public AdEventJson ad(String id) {
        return with("ad_id", id);
    }

    /** Sets {@code campaign_id}. */
    public AdEventJson campaign(String id) {
        return with("campaign_id", id);
    }

    /** Sets {@code advertiser_id}. */
    public AdEventJson advertiser(String id) {
        return with("advertiser_id", id);
    }

    /** Sets {@code user_id}. */
    public AdEventJson user(String id) {
        return with("user_id", id);
    }

    /** Sets {@code device_id}. */
    public AdEventJson device(String id) {
        return with("device_id", id);
    }

    /** Sets {@code session_id}. */
    public AdEventJson session(String id) {
        return with("session_id", id);
    }

    /** Sets {@code ip}. */
    public AdEventJson ip(String address) {
        return with("ip", address);
    }

    /** Sets {@code category}. */
    public AdEventJson category(String category) {
        return with("category", category);
    }

    /** Sets {@code actual_price}, the cost of a click, as a plain number: {@code "0.25"}. */
    public AdEventJson price(String number) {
        return withRaw("actual_price", number);
    }

    /** Sets {@code conversion_value}, as a plain number. */
    public AdEventJson value(String number) {
        return withRaw("conversion_value", number);
    }

    @Override
    AdEventJson self() {
        return this;
    }
}
