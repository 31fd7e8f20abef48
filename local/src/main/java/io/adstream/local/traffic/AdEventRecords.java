package io.adstream.local.traffic;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes the records of {@code ad-events}, in the forms that clients write them. */
final class AdEventRecords {

    private static final long NINE_HOURS = 9 * 3_600_000L;
    private static final long NOTHING = -1;

    private final Ids ids;
    private final SplittableRandom random;
    private final JsonText text = new JsonText();

    /**
     * @param ids shared with the shop's records
     */
    AdEventRecords(Ids ids, SplittableRandom random) {
        this.ids = ids;
        this.random = random;
    }

    /**
     * An impression.
     *
     * @param now when it is sent, epoch milliseconds
     * @param time when it happened, epoch milliseconds
     */
    TrafficRecord impression(long now, long time, Session session, Ad ad) {
        // Some clients send their bid along: only a click's price is a cost.
        long bid = random.nextInt(100) == 0 ? ad.priceMicros() : NOTHING;
        return adEvent("IMPRESSION", now, time, session, ad, bid, NOTHING);
    }

    /**
     * A click.
     *
     * @param price what it costs, in micros
     */
    TrafficRecord click(long now, long time, Session session, Ad ad, long price) {
        TrafficRecord record = adEvent("CLICK", now, time, session, ad, price, NOTHING);
        record.costMicros = price;
        return record;
    }

    /**
     * A conversion that names its ad.
     *
     * @param value in micros
     */
    TrafficRecord conversion(long now, long time, Session session, Ad ad, long value) {
        TrafficRecord record = adEvent("CONVERSION", now, time, session, ad, NOTHING, value);
        record.valueMicros = value;
        return record;
    }

    /**
     * What a shop's pixel sends: no ad, and only sometimes whose customer it was.
     *
     * @param ad the ad that led to it; null where none did
     * @param value in micros
     */
    TrafficRecord pixelConversion(
            long now, long time, Session session, @Nullable Ad ad, long value) {
        begin("CONVERSION", time, session);
        if (ad != null && random.nextBoolean()) {
            text.ascii("\"advertiser_id\":\"").ascii(ad.campaign().advertiserId()).ascii("\",");
        }
        text.raw(session.json)
                .ascii("\"actual_price\":null,\"conversion_value\":")
                .micros(value)
                .ascii("}");
        TrafficRecord record =
                new TrafficRecord(
                        InputTopic.AD_EVENTS,
                        random.nextBoolean() ? session.key : null,
                        text.toBytes(),
                        now,
                        time);
        record.identify("CONVERSION", ids);
        record.valueMicros = value;
        return record;
    }

    private TrafficRecord adEvent(
            String type, long now, long time, Session session, Ad ad, long price, long value) {
        begin(type, time, session);
        text.raw(ad.idsJson()).raw(session.json).raw(ad.categoryJson()).ascii("\"actual_price\":");
        money(price);
        text.ascii(",\"conversion_value\":");
        money(value);
        text.ascii("}");
        TrafficRecord record =
                new TrafficRecord(InputTopic.AD_EVENTS, session.key, text.toBytes(), now, time);
        record.identify(type, ids);
        record.ad = ad;
        return record;
    }

    private void begin(String type, long time, Session session) {
        ids.advance();
        text.start()
                .ascii("{\"event_id\":\"")
                .uuid(ids.high(), ids.low())
                .ascii("\",\"event_type\":\"")
                .ascii(type)
                .ascii("\",\"event_time\":");
        switch (session.timeForm) {
            case UTC -> text.ascii("\"").localTime(time).ascii("Z\",");
            case OFFSET -> text.ascii("\"").localTime(time + NINE_HOURS).ascii("+09:00\",");
            case EPOCH -> text.number(time).ascii(",");
        }
    }

    private void money(long micros) {
        if (micros < 0) {
            text.ascii("null");
        } else {
            text.micros(micros);
        }
    }
}
