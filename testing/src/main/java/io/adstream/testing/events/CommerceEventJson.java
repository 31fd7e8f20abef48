package io.adstream.testing.events;

/**
 * Builds records of {@code commerce-events}: {@code view("u-1").at("2026-11-20T10:00:00Z")
 * .price("29.99").json()}. Where nothing else is said an event happens at {@link
 * AdEventJson#DEFAULT_TIME}.
 */
public final class CommerceEventJson extends EventJson<CommerceEventJson> {

    private CommerceEventJson(String userId, String eventType) {
        at(AdEventJson.DEFAULT_TIME);
        with("event_type", eventType);
        with("user_id", userId);
    }

    /** A product was looked at. */
    public static CommerceEventJson view(String userId) {
        return new CommerceEventJson(userId, "view");
    }

    /** A product was put into the cart. */
    public static CommerceEventJson cart(String userId) {
        return new CommerceEventJson(userId, "cart");
    }

    /** A product was bought. */
    public static CommerceEventJson purchase(String userId) {
        return new CommerceEventJson(userId, "purchase");
    }

    /** Sets {@code event_id}. */
    public CommerceEventJson id(String eventId) {
        return with("event_id", eventId);
    }

    /** Sets {@code product_id}. */
    public CommerceEventJson product(String id) {
        return with("product_id", id);
    }

    /** Sets {@code category}. */
    public CommerceEventJson category(String category) {
        return with("category", category);
    }

    /** Sets {@code session_id}. */
    public CommerceEventJson session(String id) {
        return with("session_id", id);
    }

    /** Sets {@code price}, as a plain number: {@code "29.99"}. */
    public CommerceEventJson price(String number) {
        return withRaw("price", number);
    }

    @Override
    CommerceEventJson self() {
        return this;
    }
}
