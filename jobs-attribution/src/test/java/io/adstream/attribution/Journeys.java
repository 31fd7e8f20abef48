package io.adstream.attribution;

import io.adstream.testing.events.AdEventJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ways of people to their conversions, seeded: several sessions and devices each, devices that
 * people share, ids that are missing or stand for none, clicks and conversions at the same instant
 * and a window apart to the millisecond, several advertisers, duplicates, conflicts, broken
 * records, disorder up to the bound, and events that are late.
 */
final class Journeys {

    static final Duration WINDOW = Duration.ofHours(24);

    /** How far out of order events may be. */
    static final long DISORDER = 60_000;

    private static final String[] SENTINELS = {
        null, "", " ", "null", "NULL", "Unknown", " unknown\t", "0", "00000000-0000-0000", "--"
    };

    private final Random random;
    private final Instant start;
    private final long spanMillis;
    private final int people;
    private final boolean withLate;
    private final List<Sent> sent = new ArrayList<>();
    private int ids;

    /**
     * A record on its way.
     *
     * @param arrival what orders the records
     * @param id the event's id
     * @param time its event time; null where the record is rejected
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sent(long arrival, byte[] value, String id, @Nullable Long time) {}

    private record Person(List<String> devices, String shop) {}

    /**
     * @param start of event time
     * @param span how much event time goes by
     * @param conversions about how many there are
     * @param withLate whether some events are late: only for one source and one task behind it is
     *     it certain which
     */
    Journeys(Instant start, Duration span, int conversions, boolean withLate, long seed) {
        this.withLate = withLate;
        this.random = new Random(seed);
        this.start = start;
        this.spanMillis = span.toMillis();
        this.people = Math.max(10, conversions / 12);
        while (ids < 3 * conversions) {
            journey(person(random.nextInt(people)));
        }
        for (int i = 0; i < conversions / 20; i++) {
            noise(start.toEpochMilli() + (long) (random.nextDouble() * spanMillis));
        }
        sent.sort(Comparator.comparingLong(Sent::arrival));
    }

    /** The records in the order of their arrival. */
    List<byte[]> records() {
        return sent.stream().map(Sent::value).toList();
    }

    private Person person(int number) {
        List<String> devices = new ArrayList<>();
        for (int i = 0; i <= number % 3; i++) {
            // Every seventh device is shared by several people.
            devices.add(number % 7 == 0 ? "shared-" + number % 35 : "device-" + number + "-" + i);
        }
        return new Person(devices, "adv-" + number % 4);
    }

    private void journey(Person person) {
        long time = start.toEpochMilli() + (long) (random.nextDouble() * spanMillis);
        if (random.nextInt(3) == 0) {
            time = time / 1000 * 1000; // so that instants meet
        }
        String session = "session-" + ids;
        String device = person.devices.get(random.nextInt(person.devices.size()));
        int steps = 1 + random.nextInt(6);
        for (int step = 0; step < steps; step++) {
            if (random.nextInt(8) == 0) {
                session = random.nextInt(4) == 0 ? sentinel() : "session-" + ids;
                device = person.devices.get(random.nextInt(person.devices.size()));
            }
            boolean converts = random.nextInt(5) < 2;
            event(converts, time, session, device, person);
            if (!converts && random.nextInt(10) == 0) {
                edge(time, session, device, person);
            }
            time += pause();
        }
    }

    /**
     * A conversion as far from a click as can be told apart from not far enough, or close to it.
     */
    private void edge(
            long click, @Nullable String session, @Nullable String device, Person person) {
        long[] lags = {0, 0, WINDOW.toMillis(), WINDOW.toMillis() + 1, WINDOW.toMillis() - 1, -1};
        event(true, click + lags[random.nextInt(lags.length)], session, device, person);
    }

    private long pause() {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> random.nextInt(1000);
            case 2 -> random.nextInt(3_600_000);
            case 3 -> random.nextInt(30 * 3_600_000);
            default -> random.nextInt(300_000);
        };
    }

    private @Nullable String sentinel() {
        return SENTINELS[random.nextInt(SENTINELS.length)];
    }

    private void event(
            boolean converts,
            long time,
            @Nullable String session,
            @Nullable String device,
            Person person) {
        if (time > start.toEpochMilli() + spanMillis) {
            return;
        }
        // Ids whose byte order is not the order in which they were made.
        String id = Integer.toHexString(Integer.reverse(++ids)) + (ids % 50 == 0 ? "é\u20ac" : "");
        AdEventJson json;
        if (converts) {
            json =
                    random.nextInt(3) == 0
                            ? AdEventJson.pixelConversion(id)
                            : AdEventJson.conversion(id)
                                    .advertiser(
                                            random.nextInt(4) == 0
                                                    ? "adv-" + random.nextInt(5)
                                                    : person.shop);
            if (random.nextInt(10) > 0) {
                json.value(random.nextInt(500) + "." + random.nextInt(1_000_000));
            }
        } else {
            String advertiser = random.nextInt(4) == 0 ? "adv-" + random.nextInt(5) : person.shop;
            json =
                    AdEventJson.click(id)
                            .ad("ad-" + random.nextInt(40))
                            .campaign("cmp-" + random.nextInt(9))
                            .advertiser(advertiser)
                            .price("0." + random.nextInt(100));
        }
        json.session(random.nextInt(15) == 0 ? sentinel() : session)
                .device(random.nextInt(15) == 0 ? sentinel() : device)
                .atMillis(time);
        send(json, id, time);
    }

    private void send(AdEventJson json, String id, long time) {
        int dice = random.nextInt(100);
        // Late: so far behind that some other event has certainly moved time past it.
        long delay =
                dice == 0 && withLate
                        ? 2 * DISORDER + random.nextInt(600_000)
                        : dice < 10 ? DISORDER : random.nextInt((int) DISORDER);
        long arrival = time + delay;
        sent.add(new Sent(arrival, json.json(), id, time));
        if (dice >= 95 || (dice == 0 && withLate)) {
            sent.add(new Sent(arrival + random.nextInt(1_200_000), json.json(), id, time));
        } else if (dice == 94) {
            sent.add(new Sent(arrival + 1, json.user("another").json(), id, time));
        }
    }

    /** What is nothing to this job. */
    private void noise(long time) {
        String id = "noise-" + ++ids;
        long arrival = time + random.nextInt((int) DISORDER);
        switch (random.nextInt(4)) {
            case 0 -> reject(arrival, id, AdEventJson.click(id).at("2200-01-01T00:00:00Z"));
            case 1 -> reject(arrival, id, AdEventJson.click(id).atMillis(time).without("ad_id"));
            default ->
                    sent.add(
                            new Sent(
                                    arrival,
                                    AdEventJson.impression(id)
                                            .session("session-" + random.nextInt(ids))
                                            .atMillis(time)
                                            .json(),
                                    id,
                                    time));
        }
    }

    private void reject(long arrival, String id, AdEventJson json) {
        sent.add(new Sent(arrival, json.json(), id, null));
    }

    /** The ids of events that are late where time moves with each event. */
    Set<String> lateIds() {
        Set<String> late = new HashSet<>();
        Set<String> onTime = new HashSet<>();
        long newest = Long.MIN_VALUE;
        for (Sent record : sent) {
            if (record.time == null) {
                continue;
            }
            if (newest != Long.MIN_VALUE && record.time < newest - DISORDER) {
                late.add(record.id);
            } else {
                onTime.add(record.id);
            }
            newest = Math.max(newest, record.time);
        }
        late.removeAll(onTime);
        return late;
    }
}
