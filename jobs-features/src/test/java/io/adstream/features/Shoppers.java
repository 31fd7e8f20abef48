package io.adstream.features;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.events.CommerceEventJson;
import io.adstream.testing.events.EventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * What a number of people do in the shop and with ads: visits with gaps around ten minutes, carts
 * that are bought or left, products looked at again, some records without an id and a zone, some
 * twice. In the order in which they arrive, out of order by less than {@link #DISORDER}.
 */
final class Shoppers {

    /** How far records are out of order, at most. */
    static final long DISORDER = 9_000;

    private static final String[] CATEGORIES = {"shoes", "bags", "books", "home & garden", null};

    /** A record on its way. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sent(boolean inShop, Instant time, long arrival, byte[] value) {}

    private final Random random;
    private final List<Sent> sent = new ArrayList<>();
    private int ids;

    private Shoppers(long seed) {
        random = new Random(seed);
    }

    static List<Sent> records(Instant start, Duration span, int people, long seed) {
        Shoppers shoppers = new Shoppers(seed);
        for (int person = 0; person < people; person++) {
            shoppers.live("u-" + person, start, span);
        }
        shoppers.sent.sort(Comparator.comparingLong(Sent::arrival));
        return shoppers.sent;
    }

    private void live(String user, Instant start, Duration span) {
        boolean bare = random.nextInt(4) == 0;
        long at = (long) (random.nextDouble() * span.toMillis() / 2);
        String product = null;
        while (at < span.toMillis()) {
            Instant time = start.plusMillis(bare ? at / 1000 * 1000 : at);
            int choice = random.nextInt(100);
            if (choice < 25) {
                ad(user, time, choice);
            } else {
                if (product == null || random.nextInt(4) == 0) {
                    product = "p-" + random.nextInt(8);
                }
                shop(user, time, choice, product, bare);
            }
            at += gap();
        }
    }

    private long gap() {
        return switch (random.nextInt(12)) {
            case 0 -> 600_000;
            case 1 -> 600_001;
            case 2 -> 1_000_000 + random.nextInt(3_000_000);
            default -> random.nextInt(200_000);
        };
    }

    private void ad(String user, Instant time, int choice) {
        String id = "a-" + user + "-" + ids++;
        AdEventJson event =
                choice < 18
                        ? AdEventJson.impression(id)
                        : choice < 23 ? AdEventJson.click(id) : AdEventJson.conversion(id);
        event.user(user).at(time);
        String category = CATEGORIES[random.nextInt(CATEGORIES.length)];
        if (category != null) {
            event.category(category);
        }
        send(false, time, event);
    }

    private void shop(String user, Instant time, int choice, String product, boolean bare) {
        CommerceEventJson event =
                choice < 75
                        ? CommerceEventJson.view(user)
                        : choice < 90
                                ? CommerceEventJson.cart(user)
                                : CommerceEventJson.purchase(user);
        if (random.nextInt(10) != 0) {
            event.price(random.nextInt(500) + "." + (10 + random.nextInt(90)));
        }
        if (bare) {
            String text = time.toString();
            event.at(text.substring(0, 19)); // without zone and milliseconds
        } else {
            event.at(time).id("c-" + user + "-" + ids++).product(product);
            String category = CATEGORIES[random.nextInt(CATEGORIES.length)];
            if (category != null) {
                event.category(category);
            }
        }
        send(true, time, event);
    }

    private void send(boolean inShop, Instant time, EventJson<?> event) {
        long arrival = time.toEpochMilli() + random.nextInt((int) DISORDER);
        byte[] value = event.json();
        sent.add(new Sent(inShop, time, arrival, value));
        boolean hasId = event.text().contains("\"event_id\"");
        if (hasId && random.nextInt(20) == 0) {
            // Again, in a while; out of order as little as the first time.
            sent.add(new Sent(inShop, time, arrival + random.nextInt(500), value));
        }
    }
}
