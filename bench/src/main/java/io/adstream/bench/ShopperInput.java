package io.adstream.bench;

import io.adstream.common.time.EventTimes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Visits of simulated people to a shop, in order of arrival, and the hours and sessions that they
 * make by a look at all events of each person.
 *
 * <p>A visit has about eight events, up to 90 s from one to the next: views, carts, purchases. Half
 * of the people's records have the short form without id, zone and product. A fifth comes up to 9 s
 * late, so that nothing is late by the watermark; nothing comes twice, since the short form could
 * not tell.
 */
final class ShopperInput {

    /** What counts a window's events: views, carts, purchases, priced views. */
    private static final int COUNTS = 4;

    private static final int PRICED = 3;
    private static final long SLIDE = 600_000;
    private static final long HOUR = 3_600_000;
    private static final long GAP = 600_000;
    private static final String[] KINDS = {"view", "cart", "purchase"};
    private static final String[] CATEGORIES = {"shoes", "bags", "books", "toys", "travel"};

    private final SplittableRandom random;
    private final long start;
    private final long span;
    private final List<Event> events = new ArrayList<>();

    private ShopperInput(long seed, long start, long span) {
        this.random = new SplittableRandom(seed);
        this.start = start;
        this.span = span;
    }

    /**
     * One event.
     *
     * @param kind 0 view, 1 cart, 2 purchase
     * @param price micros; below 0 where none is given
     * @param arrival when it is sent, by which events are in order
     */
    record Event(int user, int kind, long time, long price, int product, long arrival) {

        String userId() {
            return "u-" + user;
        }

        boolean isShort() {
            return user % 2 == 0;
        }

        byte[] json(long id) {
            String time = EventTimes.format(this.time);
            StringBuilder json = new StringBuilder(200);
            json.append("{\"event_time\":\"")
                    .append(isShort() ? time.substring(0, 19) : time)
                    .append("\",\"event_type\":\"")
                    .append(KINDS[kind])
                    .append("\",\"user_id\":\"")
                    .append(userId())
                    .append('"');
            if (price >= 0) {
                json.append(",\"price\":").append(BigDecimal.valueOf(price, 6).toPlainString());
            }
            if (!isShort()) {
                json.append(
                        ",\"event_id\":\"%016x-%08x\",\"product_id\":\"p-%d\",\"category\":\"%s\""
                                .formatted(
                                        id * 0x9e3779b97f4a7c15L,
                                        id,
                                        product,
                                        CATEGORIES[product % CATEGORIES.length]));
            }
            return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Makes an input.
     *
     * @param count about how many events
     * @param people how many take part
     * @param start the least event time, epoch ms
     * @param span how much event time they take, ms
     */
    static List<Event> of(int count, int people, long start, long span, long seed) {
        ShopperInput input = new ShopperInput(seed, start, span);
        while (input.events.size() < count) {
            input.visit(input.random.nextInt(people));
        }
        input.events.sort(Comparator.comparingLong(Event::arrival));
        return input.events;
    }

    private void visit(int user) {
        long time = start + random.nextLong(span);
        int product = random.nextInt(5_000);
        boolean carted = false;
        do {
            int choice = random.nextInt(20);
            int kind = carted && choice < 6 ? 2 : choice < 3 ? 1 : 0;
            carted = kind == 1 || (carted && kind == 0);
            if (kind == 0 && random.nextInt(3) > 0) {
                product = random.nextInt(5_000);
            }
            add(user, kind, time, product);
            time += random.nextLong(90_000);
        } while (random.nextInt(8) > 0);
    }

    private void add(int user, int kind, long at, int product) {
        if (at >= start + span) {
            return;
        }
        long time = user % 2 == 0 ? at / 1000 * 1000 : at; // as Event.isShort
        long price = random.nextInt(10) == 0 ? -1 : 10_000L * (100 + product * 7L % 20_000);
        long arrival = random.nextInt(5) == 0 ? at + random.nextLong(9_000) : at;
        events.add(new Event(user, kind, time, price, product, arrival));
    }

    /** How many people there are any events of. */
    static long people(List<Event> events) {
        return events.stream().mapToInt(Event::user).distinct().count();
    }

    /** The hours and sessions that have ended by a watermark. */
    static FeatureSums expected(List<Event> events, long watermark) {
        Map<Integer, List<Event>> users = new HashMap<>();
        for (Event event : events) {
            users.computeIfAbsent(event.user, user -> new ArrayList<>()).add(event);
        }
        FeatureSums sums = FeatureSums.NONE;
        for (List<Event> all : users.values()) {
            all.sort(Comparator.comparingLong(Event::time));
            sums = hours(all, watermark, sums);
            sums = sessions(all, watermark, sums);
        }
        return sums;
    }

    private static FeatureSums hours(List<Event> all, long watermark, FeatureSums before) {
        FeatureSums sums = before;
        String user = all.get(0).userId();
        long first = Math.floorDiv(all.get(0).time, SLIDE) * SLIDE + SLIDE;
        long last = Math.min(all.get(all.size() - 1).time + HOUR, watermark + 1);
        for (long end = first; end <= last; end += SLIDE) {
            long[] counts = new long[COUNTS];
            long prices = 0;
            for (Event event : all) {
                if (event.time >= end - HOUR && event.time < end) {
                    counts[event.kind]++;
                    if (event.kind == 0 && event.price >= 0) {
                        counts[PRICED]++;
                        prices += event.price;
                    }
                }
            }
            if (counts[0] + counts[1] + counts[2] > 0) {
                long average =
                        counts[PRICED] == 0
                                ? 0
                                : BigDecimal.valueOf(prices)
                                        .divide(
                                                BigDecimal.valueOf(counts[PRICED]),
                                                0,
                                                RoundingMode.HALF_EVEN)
                                        .longValueExact();
                sums = sums.plusHour(user, end, counts[0], counts[1], counts[2], average);
            }
        }
        return sums;
    }

    private static FeatureSums sessions(List<Event> all, long watermark, FeatureSums before) {
        FeatureSums sums = before;
        long from = all.get(0).time;
        long last = from;
        int count = 0;
        for (Event event : all) {
            if (event.time - last > GAP) {
                sums = sums.plusSession(event.userId(), from, last, count);
                from = event.time;
                count = 0;
            }
            last = event.time;
            count++;
        }
        return last + GAP - 1 <= watermark
                ? sums.plusSession(all.get(0).userId(), from, last, count)
                : sums;
    }
}
