package io.adstream.local.traffic;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Makes the records of {@code commerce-events}: in full, and in the short form of some shops. */
final class CommerceEventRecords {

    private static final long UNKNOWN = -1;

    private final Ids ids;
    private final SplittableRandom random;
    private final JsonText text = new JsonText();

    /**
     * @param ids shared with the ads' records
     */
    CommerceEventRecords(Ids ids, SplittableRandom random) {
        this.ids = ids;
        this.random = random;
    }

    /**
     * A record in full, at the product's usual price; some views come without one.
     *
     * @param now when it is sent, epoch milliseconds
     * @param time when it happened, epoch milliseconds
     */
    TrafficRecord full(long now, long time, Session session, String type, int product) {
        boolean unpriced = type.equals("view") && random.nextInt(10) == 0;
        return full(
                now, time, session, type, product, unpriced ? UNKNOWN : Products.price(product));
    }

    /**
     * A record in full, at a price of its own.
     *
     * @param price in micros; negative is none
     */
    TrafficRecord full(long now, long time, Session session, String type, int product, long price) {
        ids.advance();
        text.start()
                .ascii("{\"event_time\":\"")
                .localTime(time)
                .ascii("Z\",\"event_type\":\"")
                .ascii(type)
                .ascii("\",\"user_id\":\"")
                .ascii(Audience.userId(session.user))
                .ascii("\",\"price\":");
        if (price < 0) {
            text.ascii("null");
        } else {
            text.micros(price);
        }
        text.ascii(",\"event_id\":\"")
                .uuid(ids.high(), ids.low())
                .ascii("\",\"product_id\":\"p-")
                .number(product + 1)
                .ascii("\",\"category\":\"")
                .ascii(Products.category(product))
                .ascii("\",\"session_id\":\"")
                .ascii(session.sessionId)
                .ascii("\"}");
        TrafficRecord record = record(now, time, session);
        record.identify(type, ids);
        return record;
    }

    /** The form without id, zone and details, to the second. */
    TrafficRecord bare(long now, long time, Session session, String type, int product) {
        long second = Math.floorDiv(time, 1000L) * 1000;
        text.start()
                .ascii("{\"event_time\":\"")
                .localTime(second)
                .ascii("\",\"event_type\":\"")
                .ascii(type)
                .ascii("\",\"user_id\":\"")
                .ascii(Audience.userId(session.user))
                .ascii("\",\"price\":")
                .micros(Products.price(product))
                .ascii("}");
        TrafficRecord record = record(now, second, session);
        record.type = type;
        return record;
    }

    private TrafficRecord record(long now, long time, Session session) {
        return new TrafficRecord(
                InputTopic.COMMERCE_EVENTS,
                Audience.userId(session.user).getBytes(StandardCharsets.US_ASCII),
                text.toBytes(),
                now,
                time);
    }
}
