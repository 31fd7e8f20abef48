package io.adstream.local.traffic;

import java.util.List;
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
 * <p>Each slot is filled by the first of these that has a record for it:
 *
 * <ol>
 *   <li>{@link Outbox}: what was made before and is sent now;
 *   <li>{@link Faults}: a broken, late or amending record;
 *   <li>{@link CustomerJourneys}: a click, conversion or purchase that is due;
 *   <li>{@link Shop}: somebody shops;
 *   <li>{@link AdVisits}: somebody sees an ad.
 * </ol>
 *
 * <p>All of them draw from one random sequence: their order, and that of their draws, is part of
 * what a seed means.
 *
 * <p>Endless. Not thread-safe. Makes several hundred thousand records per second and core.
 */
public final class Simulation {

    private final SimulationOptions options;
    private final SplittableRandom random;
    private final Marketplace market;
    private final SimulationClock clock;
    private final IncidentPlan incidents;
    private final FollowUps followUps;
    private final Outbox outbox = new Outbox();
    private final AdVisits adVisits;
    private final CustomerJourneys journeys;
    private final Shop shop;
    private final Faults faults;
    private final Tally tally = new Tally();

    public Simulation(SimulationOptions options) {
        this(options, AdServer.UNLIMITED);
    }

    /**
     * @param adServer asked before an impression, told of every click served
     */
    public Simulation(SimulationOptions options, AdServer adServer) {
        this.options = options;
        random = new SplittableRandom(options.seed());
        market = new Marketplace(options);
        clock = new SimulationClock(options);
        // The start is part of the ids: two runs with one seed are not each other's duplicates.
        long salt = Ids.mix(options.seed() * 31 + Ids.mix(options.start().toEpochMilli()));
        Audience audience = new Audience(salt, options.users());
        Ids ids = new Ids(salt ^ 0x1d5L);
        AdEventRecords adRecords = new AdEventRecords(ids, random);
        CommerceEventRecords commerceRecords = new CommerceEventRecords(ids, random);
        Disorder disorder = new Disorder(options, random);
        followUps = new FollowUps(random);
        incidents = new IncidentPlan(options, market, audience, followUps);
        AdServing serving = new AdServing(market, adServer, incidents, random);
        adVisits = new AdVisits(options, audience, serving, adRecords, followUps, disorder, random);
        shop = new Shop(options, audience, commerceRecords, followUps, disorder, random);
        journeys =
                new CustomerJourneys(
                        options, audience, serving, incidents, adRecords, shop, followUps, disorder,
                        random);
        faults =
                new Faults(
                        options,
                        market,
                        audience,
                        serving,
                        adRecords,
                        commerceRecords,
                        outbox,
                        random);
    }

    /** The next record in sending order; never null, without end. */
    public TrafficRecord next() {
        long now = clock.advance();
        TrafficRecord record = outbox.takeDue(now);
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
        return clock.now();
    }

    public SimulationOptions options() {
        return options;
    }

    public Marketplace market() {
        return market;
    }

    /** The incidents planned, whether their time has come or not. */
    public List<Incident> incidents() {
        return incidents.all();
    }

    private @Nullable TrafficRecord happen(long now) {
        TrafficRecord faulty = faults.next(now, tally);
        if (faulty != null) {
            return faulty;
        }
        FollowUp due = followUps.takeDue(now);
        TrafficRecord record = due == null ? visit(now) : journeys.follow(due, now);
        if (record != null) {
            faults.repeatNowAndThen(record);
        }
        return record;
    }

    private TrafficRecord visit(long now) {
        if (options.commerceShare() > 0 && random.nextDouble() < options.commerceShare()) {
            return shop.next(now);
        }
        TrafficRecord impression = adVisits.next(now);
        // Where no campaign may be shown people shop on.
        return impression != null ? impression : shop.next(now);
    }
}
