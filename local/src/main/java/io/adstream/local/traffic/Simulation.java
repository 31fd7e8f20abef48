package io.adstream.local.traffic;

import io.adstream.common.event.RejectCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A small ad platform, record by record: people visit on their devices, see ads, click, come back,
 * buy; and what clients, networks and clocks do to the records on their way.
 *
 * <p>Pure: no clock, no IO. Equal {@link SimulationOptions} (and an {@link AdServer} that answers
 * alike) give equal records. The simulated clock moves by one slot per record, so that exactly
 * {@code rate} records fall into a simulated second; a record delayed on its way is one that was
 * made earlier than its slot. So every prefix of the records is a whole run, and {@link #tally()}
 * is the truth of what was given out so far.
 *
 * <p>Endless. Not thread-safe. Makes several hundred thousand records per second and core.
 */
public final class Simulation {

    private static final long MINUTE = 60_000;
    private static final double BARE_SHARE = 0.25;
    private static final int PRODUCTS = 2_000;
    private static final double CONFLICT_SHARE = 1.0 / RejectCode.values().length;

    private final SimulationOptions options;
    private final AdServer adServer;
    private final SplittableRandom random;
    private final Marketplace market;
    private final Audience audience;
    private final Ids ids;
    private final JsonText text = new JsonText();
    private final Tally tally = new Tally();
    private final List<Incident> incidents = new ArrayList<>();
    private final Map<Scenario, Incident> incidentOf = new EnumMap<>(Scenario.class);

    private final Session[] visits;
    private final ShopVisit[] shopVisits;
    private final PriorityQueue<FollowUp> followUps =
            new PriorityQueue<>(
                    Comparator.comparingLong((FollowUp f) -> f.due)
                            .thenComparingLong(f -> f.order));
    private final PriorityQueue<Delayed> outbox =
            new PriorityQueue<>(
                    Comparator.comparingLong((Delayed d) -> d.record.sentAt)
                            .thenComparingLong(d -> d.order));

    private final long start;
    private final double duplicateChance;
    private final double brokenChance;
    private final double lateChance;
    private final double amendingChance;
    private double clock;
    private double step;
    private long curveMinute = Long.MIN_VALUE;
    private long order;
    private long freshAds;

    public Simulation(SimulationOptions options) {
        this(options, AdServer.UNLIMITED);
    }

    /**
     * @param adServer asked before an impression, told of every click served
     */
    public Simulation(SimulationOptions options, AdServer adServer) {
        this.options = options;
        this.adServer = adServer;
        start = options.start().toEpochMilli();
        random = new SplittableRandom(options.seed());
        market = new Marketplace(options);
        // The start is part of the ids: two runs with one seed are not each other's duplicates.
        long salt = Ids.mix(options.seed() * 31 + Ids.mix(start));
        audience = new Audience(salt, options.users());
        ids = new Ids(salt ^ 0x1d5L);
        visits = new Session[pool(options.rate() * (1 - options.commerceShare()))];
        shopVisits = new ShopVisit[pool(options.rate() * options.commerceShare())];
        double conflicts = options.broken() * CONFLICT_SHARE;
        double fresh = 1 - options.duplicates() - conflicts;
        brokenChance = options.broken() / fresh;
        lateChance = options.late() / fresh;
        amendingChance = options.amending() / fresh;
        duplicateChance =
                options.duplicates()
                        / (fresh
                                - options.broken()
                                - options.late()
                                - options.commerceShare() * BARE_SHARE);
        planIncidents();
    }

    /** As many visits at once as make a visit last some minutes. */
    private static int pool(double rate) {
        return (int) Math.max(20, Math.min(50_000, Math.round(rate * 30)));
    }

    /** The next record in sending order; never null, without end. */
    public TrafficRecord next() {
        long now = tick();
        Delayed delayed = outbox.peek();
        if (delayed != null && delayed.record.sentAt <= now) {
            outbox.poll();
            tally.add(delayed.record);
            return delayed.record;
        }
        TrafficRecord record = null;
        while (record == null) {
            record = happen(now);
        }
        tally.add(record);
        return record;
    }

    /** What was given out so far. Live: changes with {@link #next()}. */
    public Tally tally() {
        return tally;
    }

    /** The simulated time, epoch milliseconds. */
    public long now() {
        return start + (long) clock;
    }

    public SimulationOptions options() {
        return options;
    }

    public Marketplace market() {
        return market;
    }

    /** The incidents planned, whether their time has come or not. */
    public List<Incident> incidents() {
        return List.copyOf(incidents);
    }

    // ---- the clock ----

    private long tick() {
        long minute = (long) clock / MINUTE;
        if (minute != curveMinute) {
            curveMinute = minute;
            step = 1000 / (options.rate() * curve(options.dailyCurve(), start + minute * MINUTE));
        }
        clock += step;
        return start + (long) clock;
    }

    /** The rate at a time of day relative to its mean: busiest at 20:00, quietest at 08:00 UTC. */
    private static double curve(double swing, long time) {
        double dayShare = Math.floorMod(time, 86_400_000L) / 86_400_000.0;
        return 1 + swing * StrictMath.cos(2 * Math.PI * (dayShare - 20.0 / 24));
    }

    /**
     * How long a number of records takes on the simulated clock if the last one is at {@code end};
     * some minutes more than that.
     *
     * @param end epoch milliseconds
     */
    static Duration lengthUntil(long end, long records, double rate, double dailyCurve) {
        double left = (double) records;
        long minutes = 0;
        while (left > 0) {
            minutes++;
            left -= rate * 60 * curve(dailyCurve, end - minutes * MINUTE);
        }
        double unused = -left / (rate * curve(dailyCurve, end - minutes * MINUTE));
        return Duration.ofMinutes(minutes + 1).minusSeconds(Math.round(Math.min(unused, 60)));
    }

    // ---- what happens in a slot ----

    private @Nullable TrafficRecord happen(long now) {
        double fate = random.nextDouble();
        if (fate < brokenChance) {
            return broken(now);
        }
        fate -= brokenChance;
        if (fate < lateChance) {
            if (now - start >= options.lateAfter().toMillis()
                    && tally.sent() >= options.lateAfterRecords()) {
                long age = options.lateMinAge().toMillis() + random.nextLong(20 * MINUTE);
                TrafficRecord record = straggler(now, now - age);
                record.verdict = Verdict.LATE;
                return record;
            }
        } else if (fate - lateChance < amendingChance) {
            TrafficRecord record = straggler(now, now - 80_000 - random.nextLong(160_000));
            record.amending = true;
            return repeatable(record);
        }
        FollowUp due = followUps.peek();
        if (due != null && due.due <= now) {
            followUps.poll();
            return follow(due, now);
        }
        if (options.commerceShare() > 0 && random.nextDouble() < options.commerceShare()) {
            return repeatable(shop(now));
        }
        Ad ad = serve(now);
        if (ad == null) {
            // No campaign may be shown: people shop on.
            return repeatable(shop(now));
        }
        int place = random.nextInt(visits.length);
        Session session = visits[place];
        if (session == null || random.nextInt(8) == 0) {
            session = audience.visit(audience.draw(random), random);
            visits[place] = session;
        }
        long time = underway(now, Long.MIN_VALUE);
        TrafficRecord impression = impression(now, time, session, ad);
        if (random.nextDouble() < clickRate(ad, now)) {
            plan(FollowUp.Kind.CLICK, now + 1000 + skewedMillis(29_000), session, ad, time, null);
        }
        return repeatable(impression);
    }

    private @Nullable TrafficRecord follow(FollowUp due, long now) {
        long time = underway(now, due.cause);
        switch (due.kind) {
            case CLICK, FLOOD_CLICK -> {
                Ad ad = due.ad;
                if (ad == null) {
                    throw new IllegalStateException("A click without an ad");
                }
                TrafficRecord click = click(now, time, due.session, ad);
                if (due.kind == FollowUp.Kind.CLICK) {
                    touched(due, click, ad);
                }
                return repeatable(click);
            }
            case RETURN -> {
                FollowUp.Path path = due.path;
                if (path == null) {
                    throw new IllegalStateException("A return without a path");
                }
                Ad ad = market.sibling(path.lastAd, random);
                if (!adServer.serves(ad.campaign())) {
                    return null;
                }
                TrafficRecord impression = impression(now, time, due.session, ad);
                long clickAt = now + 1000 + skewedMillis(4_000);
                plan(FollowUp.Kind.CLICK, clickAt, due.session, ad, time, path);
                return repeatable(impression);
            }
            case CONVERSION -> {
                return convert(due, now, time);
            }
            case PURCHASE -> {
                return repeatable(
                        commerce(now, time, due.session, "purchase", product(), due.micros, false));
            }
        }
        throw new IllegalStateException("Unknown kind " + due.kind);
    }

    /** A click is a touch of its journey, or may begin one that ends with a conversion. */
    private void touched(FollowUp due, TrafficRecord click, Ad ad) {
        FollowUp.Path path = due.path;
        Session session = due.session;
        boolean first = path == null;
        if (first) {
            if (random.nextDouble() >= ad.conversionRate()) {
                return;
            }
            path = new FollowUp.Path(session, ad);
        }
        path.touches.add(
                new Journey.Touch(
                        TrafficRecord.uuid(click.idHigh, click.idLow),
                        click.eventTime,
                        ad.id(),
                        session.sessionId,
                        session.deviceId));
        path.lastSession = session;
        path.lastAd = ad;
        if (!first) {
            return;
        }
        double kind = random.nextDouble();
        long lag;
        if (kind < 0.5) {
            lag = 20_000 + skewedMillis(30 * MINUTE);
        } else if (kind < 0.9) {
            lag = 30 * MINUTE + skewedMillis(12 * 60 * MINUTE);
        } else {
            lag = 12 * 60 * MINUTE + random.nextLong(28 * 60 * MINUTE);
        }
        long at = click.sentAt + lag;
        double more = random.nextDouble();
        int returns = more < 0.6 ? 0 : more < 0.85 ? 1 : more < 0.95 ? 2 : 3;
        for (int i = 0; i < returns; i++) {
            long when = click.sentAt + 10_000 + random.nextLong(Math.max(1, lag - 10_000));
            Session later = audience.visit(session.user, random);
            plan(FollowUp.Kind.RETURN, when, later, ad, click.eventTime, path);
        }
        plan(FollowUp.Kind.CONVERSION, at, session, ad, click.eventTime, path);
    }

    private @Nullable TrafficRecord convert(FollowUp due, long now, long time) {
        FollowUp.Path path = due.path;
        Ad ad = path == null ? null : path.lastAd;
        if (covered(Scenario.TRACKING_OUTAGE, now)
                || (ad != null
                        && targets(Scenario.CVR_DROP, ad.id(), now)
                        && random.nextInt(10) != 0)) {
            return null;
        }
        long value =
                ad == null
                        ? due.micros
                        : 10_000
                                * Math.max(
                                        1,
                                        ad.orderMicros()
                                                / 10_000
                                                * (50 + random.nextInt(150))
                                                / 100);
        Session session = due.session;
        Journey journey = null;
        boolean pixel = ad == null || random.nextInt(4) == 0;
        if (path != null) {
            List<Journey.Touch> before = new ArrayList<>();
            for (Journey.Touch touch : path.touches) {
                if (touch.clickTime() <= time) {
                    before.add(touch);
                }
            }
            before.sort(Comparator.comparingLong(Journey.Touch::clickTime));
            boolean soon = now - due.cause < 30 * MINUTE && random.nextInt(10) < 7;
            session = soon ? path.lastSession : audience.visit(session.user, random);
            journey = Journey.of(before, session.sessionId, session.deviceId, time);
        }
        if (options.commerceShare() > 0 && !session.anonymous && path != null) {
            plan(FollowUp.Kind.PURCHASE, now + 1, session, null, time, null, value);
        }
        TrafficRecord conversion =
                pixel
                        ? pixelConversion(now, time, session, ad, value)
                        : conversion(now, time, session, ad, value);
        conversion.journey = journey;
        return repeatable(conversion);
    }

    /** An event that a client kept for long; on its own, whatever its kind. */
    private TrafficRecord straggler(long now, long time) {
        if (random.nextDouble() < options.commerceShare()) {
            Session session = identified();
            return commerce(now, time, session, "view", product(), -1, false);
        }
        Session session = audience.visit(audience.draw(random), random);
        Ad ad = market.draw(random);
        int kind = random.nextInt(10);
        if (kind < 7) {
            return impression(now, time, session, ad);
        }
        return kind < 9
                ? click(now, time, session, ad)
                : conversion(now, time, session, ad, 10_000L * (1 + random.nextInt(20_000)));
    }

    /** A record that must be rejected; or the first of two that share an id and differ. */
    private TrafficRecord broken(long now) {
        RejectCode code = RejectCode.values()[random.nextInt(RejectCode.values().length)];
        Session session = identified();
        boolean commerce = random.nextDouble() < options.commerceShare();
        int product = product();
        TrafficRecord whole =
                commerce
                        ? commerce(now, now, session, "view", product, 1_990_000, false)
                        : impression(now, now, session, market.draw(random));
        byte[] value = whole.value;
        if (value == null) {
            throw new IllegalStateException("A whole record without a value");
        }
        String json = new String(value, StandardCharsets.UTF_8);
        if (code == RejectCode.ID_CONFLICT) {
            String other =
                    commerce
                            ? Defect.with(json, "session_id", "\"s-other\"")
                            : Defect.with(json, "ip", "\"192.0.2.1\"");
            // The same key, so that it follows the first through the same partition.
            long at = now + 100 + random.nextLong(20_000);
            TrafficRecord conflicting =
                    whole.again(
                            whole.key,
                            other.getBytes(StandardCharsets.UTF_8),
                            at,
                            Verdict.REJECTED);
            conflicting.code = code;
            conflicting.defect = "other-payload";
            outbox.add(new Delayed(conflicting, order++));
            return whole;
        }
        Defect defect = Defect.draw(code, options.linesOnly(), random);
        TrafficRecord rejected =
                whole.again(whole.key, defect.apply(json, random), now, Verdict.REJECTED);
        rejected.code = code;
        rejected.defect = defect.label();
        return rejected;
    }

    /** Passes the record on, and now and then plans to send it once more. */
    private TrafficRecord repeatable(TrafficRecord record) {
        if (record.hasId && random.nextDouble() < duplicateChance) {
            long delay =
                    1
                            + (random.nextInt(10) < 7
                                    ? random.nextLong(5_000)
                                    : random.nextLong(3 * MINUTE));
            byte[] key = random.nextBoolean() ? record.key : null;
            outbox.add(
                    new Delayed(
                            record.again(
                                    key, record.value, record.sentAt + delay, Verdict.DUPLICATE),
                            order++));
        }
        return record;
    }

    // ---- ads ----

    private @Nullable Ad serve(long now) {
        for (int attempt = 0; attempt < 8; attempt++) {
            Ad ad = draw(now);
            if (adServer.serves(ad.campaign())) {
                return ad;
            }
        }
        return null;
    }

    private Ad draw(long now) {
        if (covered(Scenario.HOT_AD, now) && random.nextInt(10) != 0) {
            return market.ad(0);
        }
        if (covered(Scenario.KEY_EXPLOSION, now) && random.nextBoolean()) {
            return market.fresh(++freshAds, random);
        }
        return market.draw(random);
    }

    private double clickRate(Ad ad, long now) {
        double rate = ad.clickRate();
        if (targets(Scenario.CTR_SPIKE, ad.id(), now)) {
            rate *= 15;
        }
        if (targets(Scenario.QUALITY_DROP, ad.id(), now)) {
            rate *= 0.05;
        }
        if (targets(Scenario.BUDGET_BURST, ad.campaign().id(), now)) {
            rate *= 5;
        }
        return Math.min(rate, 0.9);
    }

    private long price(Ad ad, long now) {
        // What the second bidder offered: below the ad's own bid, in hundredths of a cent.
        long micros = ad.priceMicros() * (600 + random.nextInt(400)) / 100_000 * 100;
        return targets(Scenario.BUDGET_BURST, ad.campaign().id(), now) ? micros * 10 : micros;
    }

    // ---- the shop ----

    private static final class ShopVisit {
        final Session session;
        final boolean bare;
        int product = -1;
        boolean carted;

        ShopVisit(Session session, boolean bare) {
            this.session = session;
            this.bare = bare;
        }
    }

    private TrafficRecord shop(long now) {
        int place = random.nextInt(shopVisits.length);
        ShopVisit visit = shopVisits[place];
        if (visit == null || random.nextInt(7) == 0) {
            visit = new ShopVisit(identified(), random.nextDouble() < BARE_SHARE);
            shopVisits[place] = visit;
        }
        long time = underway(now, Long.MIN_VALUE);
        int choice = random.nextInt(100);
        if (visit.product >= 0 && visit.carted && choice < 35) {
            visit.carted = false;
            if (random.nextInt(30) == 0) {
                // A conversion that no ad led to: nobody will find its click.
                long value = priceOf(visit.product);
                plan(FollowUp.Kind.CONVERSION, now + 1, visit.session, null, time, null, value);
            }
            return commerce(now, time, visit.session, "purchase", visit.product, -1, visit.bare);
        }
        if (visit.product >= 0 && !visit.carted && choice < 15) {
            visit.carted = true;
            return commerce(now, time, visit.session, "cart", visit.product, -1, visit.bare);
        }
        if (visit.product < 0 || choice < 70) {
            visit.product = product();
            visit.carted = false;
        }
        return commerce(now, time, visit.session, "view", visit.product, -1, visit.bare);
    }

    private int product() {
        // The square makes low numbers popular.
        double u = random.nextDouble();
        return (int) (u * u * PRODUCTS);
    }

    private static long priceOf(int product) {
        return 10_000L * (499 + Long.remainderUnsigned(Ids.mix(product), 19_500));
    }

    private Session identified() {
        Session session;
        do {
            session = audience.visit(audience.draw(random), random);
        } while (session.anonymous);
        return session;
    }

    // ---- records ----

    private TrafficRecord impression(long now, long time, Session session, Ad ad) {
        // Some clients send their bid along: only a click's price is a cost.
        long bid = random.nextInt(100) == 0 ? ad.priceMicros() : -1;
        return adEvent("IMPRESSION", now, time, session, ad, bid, -1);
    }

    private TrafficRecord click(long now, long time, Session session, Ad ad) {
        long price = price(ad, now);
        adServer.spent(ad.campaign(), time, price);
        TrafficRecord record = adEvent("CLICK", now, time, session, ad, price, -1);
        record.costMicros = price;
        return record;
    }

    private TrafficRecord conversion(
            long now, long time, Session session, @Nullable Ad ad, long value) {
        TrafficRecord record = adEvent("CONVERSION", now, time, session, ad, -1, value);
        record.valueMicros = value;
        return record;
    }

    /** What a shop's pixel sends: no ad, and only sometimes whose customer it was. */
    private TrafficRecord pixelConversion(
            long now, long time, Session session, @Nullable Ad ad, long value) {
        beginAdEvent("CONVERSION", time, session);
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
        identify(record, "CONVERSION");
        record.valueMicros = value;
        return record;
    }

    private TrafficRecord adEvent(
            String type,
            long now,
            long time,
            Session session,
            @Nullable Ad ad,
            long price,
            long value) {
        if (ad == null) {
            return pixelConversion(now, time, session, null, value);
        }
        beginAdEvent(type, time, session);
        text.raw(ad.idsJson()).raw(session.json).raw(ad.categoryJson()).ascii("\"actual_price\":");
        if (price < 0) {
            text.ascii("null");
        } else {
            text.micros(price);
        }
        text.ascii(",\"conversion_value\":");
        if (value < 0) {
            text.ascii("null");
        } else {
            text.micros(value);
        }
        text.ascii("}");
        TrafficRecord record =
                new TrafficRecord(InputTopic.AD_EVENTS, session.key, text.toBytes(), now, time);
        identify(record, type);
        record.ad = ad;
        return record;
    }

    private void beginAdEvent(String type, long time, Session session) {
        ids.advance();
        text.start()
                .ascii("{\"event_id\":\"")
                .uuid(ids.high(), ids.low())
                .ascii("\",\"event_type\":\"")
                .ascii(type)
                .ascii("\",\"event_time\":");
        switch (session.timeForm) {
            case UTC -> text.ascii("\"").localTime(time).ascii("Z\",");
            case OFFSET -> text.ascii("\"").localTime(time + 9 * 60 * MINUTE).ascii("+09:00\",");
            case EPOCH -> text.number(time).ascii(",");
        }
    }

    private void identify(TrafficRecord record, String type) {
        record.type = type;
        record.hasId = true;
        record.idHigh = ids.high();
        record.idLow = ids.low();
    }

    /**
     * @param price of the product in micros; negative takes the usual one
     * @param bare the form without id, zone and details
     */
    private TrafficRecord commerce(
            long now,
            long time,
            Session session,
            String type,
            int product,
            long price,
            boolean bare) {
        long micros = price < 0 ? priceOf(product) : price;
        if (bare) {
            long second = Math.floorDiv(time, 1000L) * 1000;
            text.start()
                    .ascii("{\"event_time\":\"")
                    .localTime(second)
                    .ascii("\",\"event_type\":\"")
                    .ascii(type)
                    .ascii("\",\"user_id\":\"")
                    .ascii(Audience.userId(session.user))
                    .ascii("\",\"price\":")
                    .micros(micros)
                    .ascii("}");
            TrafficRecord record =
                    new TrafficRecord(
                            InputTopic.COMMERCE_EVENTS,
                            Audience.userId(session.user).getBytes(StandardCharsets.US_ASCII),
                            text.toBytes(),
                            now,
                            second);
            record.type = type;
            return record;
        }
        ids.advance();
        text.start()
                .ascii("{\"event_time\":\"")
                .localTime(time)
                .ascii("Z\",\"event_type\":\"")
                .ascii(type)
                .ascii("\",\"user_id\":\"")
                .ascii(Audience.userId(session.user))
                .ascii("\",\"price\":");
        if (price < 0 && type.equals("view") && random.nextInt(10) == 0) {
            text.ascii("null");
        } else {
            text.micros(micros);
        }
        text.ascii(",\"event_id\":\"")
                .uuid(ids.high(), ids.low())
                .ascii("\",\"product_id\":\"p-")
                .number(product + 1)
                .ascii("\",\"category\":\"")
                .ascii(SHOP_CATEGORIES[product % SHOP_CATEGORIES.length])
                .ascii("\",\"session_id\":\"")
                .ascii(session.sessionId)
                .ascii("\"}");
        TrafficRecord record =
                new TrafficRecord(
                        InputTopic.COMMERCE_EVENTS,
                        Audience.userId(session.user).getBytes(StandardCharsets.US_ASCII),
                        text.toBytes(),
                        now,
                        time);
        identify(record, type);
        return record;
    }

    private static final String[] SHOP_CATEGORIES = {
        "shoes", "bags", "electronics", "books", "home & garden", "toys", "travel"
    };

    // ---- time, plans, incidents ----

    /** When a thing happened that is sent now: mostly now, but never before its cause. */
    private long underway(long now, long cause) {
        if (options.maxDisorder().isZero() || random.nextDouble() >= options.disordered()) {
            return now;
        }
        long time = now - 1 - random.nextLong(options.maxDisorder().toMillis());
        return Math.min(now, Math.max(time, cause == Long.MIN_VALUE ? cause : cause + 1));
    }

    /** From 0 to the limit, small values more often. */
    private long skewedMillis(long limit) {
        double u = random.nextDouble();
        return (long) (u * u * limit);
    }

    private void plan(
            FollowUp.Kind kind,
            long due,
            Session session,
            @Nullable Ad ad,
            long cause,
            FollowUp.@Nullable Path path) {
        plan(kind, due, session, ad, cause, path, 0);
    }

    private void plan(
            FollowUp.Kind kind,
            long due,
            Session session,
            @Nullable Ad ad,
            long cause,
            FollowUp.@Nullable Path path,
            long micros) {
        followUps.add(new FollowUp(kind, due, order++, session, ad, cause, path, micros));
    }

    private boolean covered(Scenario scenario, long now) {
        if (incidentOf.isEmpty()) {
            return false;
        }
        Incident incident = incidentOf.get(scenario);
        return incident != null && incident.covers(now);
    }

    private boolean targets(Scenario scenario, String entity, long now) {
        if (incidentOf.isEmpty()) {
            return false;
        }
        Incident incident = incidentOf.get(scenario);
        return incident != null && incident.covers(now) && incident.entityId().equals(entity);
    }

    private void planIncidents() {
        for (Scenario scenario : Scenario.values()) {
            if (!options.scenarios().contains(scenario)) {
                continue;
            }
            switch (scenario) {
                case NONE -> {}
                case CLICK_FLOOD -> planFlood();
                case CTR_SPIKE ->
                        inject(scenario, "AD", spikeTarget().id(), "CTR 15 times the usual");
                case CVR_DROP ->
                        inject(scenario, "AD", dropTarget().id(), "90 % of conversions missing");
                case BUDGET_BURST ->
                        inject(
                                scenario,
                                "CAMPAIGN",
                                market.ad(Math.min(1, market.adCount() - 1)).campaign().id(),
                                "5 times the clicks at 10 times the price");
                case QUALITY_DROP ->
                        inject(scenario, "AD", fallTarget().id(), "95 % of clicks missing");
                case TRACKING_OUTAGE -> inject(scenario, "PLATFORM", "*", "no conversions");
                case HOT_AD -> inject(scenario, "AD", market.ad(0).id(), "90 % of all impressions");
                case KEY_EXPLOSION ->
                        inject(scenario, "PLATFORM", "*", "every second impression of a new ad");
            }
        }
    }

    private void inject(Scenario scenario, String entityType, String entityId, String note) {
        Duration length = scenario.length();
        long from = length == null ? start : start + options.scenarioAfter().toMillis();
        long to = length == null ? Long.MAX_VALUE : from + length.toMillis();
        Incident incident =
                new Incident(scenario.commandName(), entityType, entityId, from, to, note);
        incidents.add(incident);
        incidentOf.put(scenario, incident);
    }

    private void planFlood() {
        int clicks = 150;
        Session device = audience.stranger("d-flood-1", "198.51.100.7");
        inject(Scenario.CLICK_FLOOD, "DEVICE", device.deviceId, clicks + " clicks within 50 s");
        String ip = "203.0.113.66";
        inject(Scenario.CLICK_FLOOD, "IP", ip, clicks + " clicks of as many devices within 50 s");
        Ad ad = market.ad(Math.min(2, market.adCount() - 1));
        long from = start + options.scenarioAfter().toMillis();
        for (int i = 0; i < clicks; i++) {
            long at = from + i * 330L;
            plan(FollowUp.Kind.FLOOD_CLICK, at, device, ad, Long.MIN_VALUE, null);
            Session other = audience.stranger("d-flood-ip-" + i, ip);
            plan(FollowUp.Kind.FLOOD_CLICK, at, other, ad, Long.MIN_VALUE, null);
        }
    }

    /** A popular ad whose CTR can grow fifteen-fold. */
    private Ad spikeTarget() {
        for (int i = 1; i < Math.min(20, market.adCount()); i++) {
            if (market.ad(i).clickRate() <= 0.05) {
                return market.ad(i);
            }
        }
        return market.ad(0);
    }

    /** The popular ad with the best click rate: its score has the furthest to fall. */
    private Ad fallTarget() {
        Ad best = market.ad(0);
        for (int i = 0; i < Math.min(10, market.adCount()); i++) {
            if (market.ad(i).clickRate() > best.clickRate()) {
                best = market.ad(i);
            }
        }
        return best;
    }

    /** The popular ad with the most conversions to lose. */
    private Ad dropTarget() {
        Ad best = market.ad(0);
        double most = 0;
        for (int i = 0; i < Math.min(10, market.adCount()); i++) {
            Ad ad = market.ad(i);
            double conversions = ad.clickRate() * ad.conversionRate() / (i + 1);
            if (conversions > most) {
                most = conversions;
                best = ad;
            }
        }
        return best;
    }

    private record Delayed(TrafficRecord record, long order) {}
}
