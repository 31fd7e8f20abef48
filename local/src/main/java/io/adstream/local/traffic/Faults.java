package io.adstream.local.traffic;

import io.adstream.common.event.RejectCode;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What clients, networks and clocks do to records: some are broken, some kept back until they amend
 * a closed minute or are late, some sent twice.
 */
final class Faults {

    private static final long MINUTE = 60_000;
    private static final double CONFLICT_SHARE = 1.0 / RejectCode.values().length;

    private final SimulationOptions options;
    private final Marketplace market;
    private final Audience audience;
    private final AdServing serving;
    private final AdEventRecords adRecords;
    private final CommerceEventRecords commerceRecords;
    private final Outbox outbox;
    private final SplittableRandom random;
    private final double duplicateChance;
    private final double brokenChance;
    private final double lateChance;
    private final double amendingChance;

    /**
     * @param outbox takes what is sent later: repetitions, and the second of two that conflict
     */
    Faults(
            SimulationOptions options,
            Marketplace market,
            Audience audience,
            AdServing serving,
            AdEventRecords adRecords,
            CommerceEventRecords commerceRecords,
            Outbox outbox,
            SplittableRandom random) {
        this.options = options;
        this.market = market;
        this.audience = audience;
        this.serving = serving;
        this.adRecords = adRecords;
        this.commerceRecords = commerceRecords;
        this.outbox = outbox;
        this.random = random;
        // The options are shares of all records, the chances are of those made for their slot.
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
                                - options.commerceShare() * Shop.BARE_SHARE);
    }

    /**
     * A record that is broken, late or amending, where the draw is that this slot has one; else
     * null.
     *
     * @param tally what was sent so far
     */
    @Nullable TrafficRecord next(long now, Tally tally) {
        double fate = random.nextDouble();
        if (fate < brokenChance) {
            return broken(now);
        }
        fate -= brokenChance;
        if (fate < lateChance) {
            return mayBeLate(now, tally) ? late(now) : null;
        }
        return fate - lateChance < amendingChance ? amending(now) : null;
    }

    private boolean mayBeLate(long now, Tally tally) {
        return now - options.start().toEpochMilli() >= options.lateAfter().toMillis()
                && tally.sent() >= options.lateAfterRecords();
    }

    private TrafficRecord late(long now) {
        long age = options.lateMinAge().toMillis() + random.nextLong(20 * MINUTE);
        TrafficRecord record = straggler(now, now - age);
        record.verdict = Verdict.LATE;
        return record;
    }

    private TrafficRecord amending(long now) {
        TrafficRecord record = straggler(now, now - 80_000 - random.nextLong(160_000));
        record.amending = true;
        repeatNowAndThen(record);
        return record;
    }

    /** An event that a client kept for long; on its own, whatever its kind. */
    private TrafficRecord straggler(long now, long time) {
        if (random.nextDouble() < options.commerceShare()) {
            Session session = audience.identifiedVisit(random);
            return commerceRecords.full(now, time, session, "view", Products.draw(random));
        }
        Session session = audience.visit(audience.draw(random), random);
        Ad ad = market.draw(random);
        int kind = random.nextInt(10);
        if (kind < 7) {
            return adRecords.impression(now, time, session, ad);
        }
        return kind < 9
                ? adRecords.click(now, time, session, ad, serving.charge(ad, now, time))
                : adRecords.conversion(
                        now, time, session, ad, 10_000L * (1 + random.nextInt(20_000)));
    }

    /** A record that must be rejected; or the first of two that share an id and differ. */
    private TrafficRecord broken(long now) {
        RejectCode code = RejectCode.values()[random.nextInt(RejectCode.values().length)];
        Session session = audience.identifiedVisit(random);
        boolean commerce = random.nextDouble() < options.commerceShare();
        int product = Products.draw(random);
        TrafficRecord whole =
                commerce
                        ? commerceRecords.full(now, now, session, "view", product, 1_990_000)
                        : adRecords.impression(now, now, session, market.draw(random));
        byte[] value = whole.value;
        if (value == null) {
            throw new IllegalStateException("A whole record without a value");
        }
        String json = new String(value, StandardCharsets.UTF_8);
        if (code == RejectCode.ID_CONFLICT) {
            planConflict(whole, json, now);
            return whole;
        }
        Defect defect = Defect.draw(code, options.linesOnly(), random);
        TrafficRecord rejected =
                whole.again(whole.key, defect.apply(json, random), now, Verdict.REJECTED);
        rejected.code = code;
        rejected.defect = defect.label();
        return rejected;
    }

    /** Plans a record with the same id, whose text differs in a field that sums do not need. */
    private void planConflict(TrafficRecord whole, String json, long now) {
        String other =
                whole.topic == InputTopic.COMMERCE_EVENTS
                        ? Defect.with(json, "session_id", "\"s-other\"")
                        : Defect.with(json, "ip", "\"192.0.2.1\"");
        // The same key, so that it follows the first through the same partition.
        long at = now + 100 + random.nextLong(20_000);
        TrafficRecord conflicting =
                whole.again(
                        whole.key, other.getBytes(StandardCharsets.UTF_8), at, Verdict.REJECTED);
        conflicting.code = RejectCode.ID_CONFLICT;
        conflicting.defect = "other-payload";
        outbox.add(conflicting);
    }

    /** Now and then plans to send a record with an id once more, half of them without the key. */
    void repeatNowAndThen(TrafficRecord record) {
        if (!record.hasId || random.nextDouble() >= duplicateChance) {
            return;
        }
        long delay =
                1 + (random.nextInt(10) < 7 ? random.nextLong(5_000) : random.nextLong(3 * MINUTE));
        byte[] key = random.nextBoolean() ? record.key : null;
        outbox.add(record.again(key, record.value, record.sentAt + delay, Verdict.DUPLICATE));
    }
}
