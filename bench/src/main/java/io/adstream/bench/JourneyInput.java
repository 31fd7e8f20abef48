package io.adstream.bench;

import io.adstream.common.time.EventTimes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Clicks and conversions of simulated people, in order of arrival, and what a look at every click
 * of every conversion credits.
 *
 * <p>A person has one or two devices. A visit has one to a few clicks, mostly one; one visit in
 * fourteen leads to a conversion: 60 % in the same visit, 25 % in a later one on the same device,
 * 10 % on any of the person's devices, 5 % only after 24 h. A quarter of the conversions name no
 * advertiser. 1 % of the events come twice, a fifth up to 30 s late.
 */
final class JourneyInput {

    static final long WINDOW = 24 * 3_600_000L;

    private static final int ADS = 10_000;
    private static final int CROWDED_CLICKS_PER_CONVERSION = 1_000;
    private static final String CROWDED_DEVICE = "d-crowded";
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;

    private final SplittableRandom random;
    private final long start;
    private final long span;
    private final List<Event> events = new ArrayList<>();
    private long ids;

    private JourneyInput(long seed, long start, long span) {
        this.random = new SplittableRandom(seed);
        this.start = start;
        this.span = span;
    }

    /**
     * One event.
     *
     * @param advertiser null where a conversion names none
     * @param arrival when it is sent, by which events are in order
     */
    record Event(
            boolean click,
            String id,
            long time,
            String session,
            String device,
            int ad,
            @Nullable String advertiser,
            long arrival) {

        byte[] json() {
            String ids =
                    advertiser == null
                            ? ""
                            : "\"ad_id\":\"ad-%d\",\"campaign_id\":\"cmp-%d\",\"advertiser_id\":\"%s\","
                                    .formatted(ad, ad % (ADS / 10), advertiser);
            return """
            {"event_id":"%s","event_type":"%s","event_time":"%s",%s"user_id":"u-%s","device_id":"%s","session_id":"%s","ip":"203.0.113.9","category":"shoes","actual_price":%s,"conversion_value":%s}\
            """
                    .formatted(
                            id,
                            click ? "CLICK" : "CONVERSION",
                            EventTimes.format(time),
                            ids,
                            device,
                            device,
                            session,
                            click ? "0.25" : "null",
                            click ? "null" : "49.99")
                    .getBytes(StandardCharsets.UTF_8);
        }

        byte[] key() {
            return device.getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * Makes an input.
     *
     * @param count how many events, but for the repeated ones
     * @param crowdedClicks how many of them are clicks of one device
     * @param start the least event time, epoch ms
     * @param span how much event time they take, ms
     */
    static List<Event> of(int count, int crowdedClicks, long start, long span, long seed) {
        JourneyInput input = new JourneyInput(seed, start, span);
        input.crowd(crowdedClicks);
        int people = Math.max(1, count / 4);
        while (input.events.size() < count) {
            input.visit(people);
        }
        List<Event> all = new ArrayList<>(input.events);
        for (Event event : input.events) {
            if (input.random.nextInt(100) == 0) {
                all.add(
                        input.arriving(
                                event, event.arrival + 1 + input.random.nextLong(MINUTE / 2)));
            }
        }
        all.sort(Comparator.comparingLong(Event::arrival));
        return all;
    }

    private void crowd(int clicks) {
        String session = "";
        for (int i = 0; i < clicks; i++) {
            if (i % 100 == 0) {
                session = session();
            }
            long time = start + i * span / clicks;
            int ad = random.nextInt(ADS);
            click(time, session, CROWDED_DEVICE, ad);
            if (i % CROWDED_CLICKS_PER_CONVERSION == CROWDED_CLICKS_PER_CONVERSION - 1) {
                convert(time + 1, session(), CROWDED_DEVICE, ad);
            }
        }
    }

    private void visit(int people) {
        int person = random.nextInt(people);
        int devices = 1 + person % 2;
        String device = device(person, random.nextInt(devices));
        String session = session();
        int ad = random.nextInt(ADS);
        long time = start + random.nextLong(span);
        click(time, session, device, ad);
        while (random.nextInt(10) < 3) {
            time += 5_000 + random.nextLong(5 * MINUTE);
            ad = random.nextInt(3) == 0 ? random.nextInt(ADS) : ad;
            click(time, session, device, ad);
        }
        if (random.nextInt(14) != 0) {
            return;
        }
        int kind = random.nextInt(100);
        if (kind < 60) {
            convert(time + 20_000 + random.nextLong(30 * MINUTE), session, device, ad);
        } else if (kind < 85) {
            convert(time + MINUTE + random.nextLong(20 * HOUR), session(), device, ad);
        } else if (kind < 95) {
            String other = device(person, random.nextInt(devices));
            convert(time + MINUTE + random.nextLong(20 * HOUR), session(), other, ad);
        } else {
            convert(time + WINDOW + 1 + random.nextLong(16 * HOUR), session, device, ad);
        }
    }

    private void click(long time, String session, String device, int ad) {
        add(true, time, session, device, ad, advertiser(ad));
    }

    private void convert(long time, String session, String device, int ad) {
        add(false, time, session, device, ad, random.nextInt(4) == 0 ? null : advertiser(ad));
    }

    private void add(
            boolean click,
            long time,
            String session,
            String device,
            int ad,
            @Nullable String advertiser) {
        if (time >= start + span) {
            return;
        }
        long arrival = random.nextInt(5) == 0 ? time + random.nextLong(MINUTE / 2) : time;
        String id = "%08x-0000-4000-8000-%012x".formatted(random.nextInt(), ++ids);
        events.add(new Event(click, id, time, session, device, ad, advertiser, arrival));
    }

    private Event arriving(Event event, long at) {
        return new Event(
                event.click,
                event.id,
                event.time,
                event.session,
                event.device,
                event.ad,
                event.advertiser,
                at);
    }

    private String session() {
        return "s-%016x".formatted(random.nextLong());
    }

    private static String device(int person, int device) {
        return "d-%d-%d".formatted(person, device);
    }

    private static String advertiser(int ad) {
        return "adv-" + ad % (ADS / 50);
    }

    /** What the clicks of these events are credited with. */
    static Credits credits(List<Event> events) {
        Map<String, Event> distinct = new HashMap<>();
        Map<String, List<Event>> sessions = new HashMap<>();
        Map<String, List<Event>> devices = new HashMap<>();
        for (Event event : events) {
            if (distinct.putIfAbsent(event.id, event) == null && event.click) {
                sessions.computeIfAbsent(event.session, key -> new ArrayList<>(2)).add(event);
                devices.computeIfAbsent(event.device, key -> new ArrayList<>(2)).add(event);
            }
        }
        Credits credits = Credits.NONE;
        for (Event conversion : distinct.values()) {
            if (conversion.click) {
                continue;
            }
            Event bySession = last(conversion, sessions.get(conversion.session));
            Event byDevice = last(conversion, devices.get(conversion.device));
            if (bySession != null) {
                credits = credits.plus(true, conversion.id, bySession.id);
            } else if (byDevice != null) {
                credits = credits.plus(false, conversion.id, byDevice.id);
            }
        }
        return credits;
    }

    private static @Nullable Event last(Event conversion, @Nullable List<Event> clicks) {
        Event last = null;
        for (Event click : clicks == null ? List.<Event>of() : clicks) {
            boolean counts =
                    click.time <= conversion.time
                            && click.time >= conversion.time - WINDOW
                            && (conversion.advertiser == null
                                    || conversion.advertiser.equals(click.advertiser));
            if (counts
                    && (last == null
                            || click.time > last.time
                            || (click.time == last.time && click.id.compareTo(last.id) > 0))) {
                last = click;
            }
        }
        return last;
    }

    /** How many clicks of these events a conversion at a time could still count. */
    static long openClicks(List<Event> events, long time) {
        return events.stream()
                .filter(event -> event.click && event.time >= time - WINDOW)
                .map(Event::id)
                .distinct()
                .count();
    }
}
