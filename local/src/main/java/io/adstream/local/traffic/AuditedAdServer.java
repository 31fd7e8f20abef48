package io.adstream.local.traffic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Keeps account of what an ad server is asked and told and, where it is to drift, garbles what it
 * is told: of every second of the drifting campaigns it loses some of the increments, of the others
 * it doubles some. The drifting campaigns are the most popular ones, {@code cmp-1} first.
 */
final class AuditedAdServer implements AdServer {

    /** How many of a drifting campaign's increments are lost or doubled. */
    static final double GARBLED_SHARE = 0.25;

    private final AdServer server;
    private final int drifting;
    private final SplittableRandom random;
    private final Map<Integer, Drift> drifts = new TreeMap<>();
    private long withheld;
    private long spentMicros;

    /**
     * What the counters of a campaign differ by from what was spent.
     *
     * @param campaign the campaign's id
     * @param doubled whether increments were doubled; else lost
     * @param micros counter minus spend
     */
    record Drift(String campaign, boolean doubled, long micros) {}

    /**
     * @param drifting how many campaigns drift
     * @param seed decides which increments are garbled
     */
    AuditedAdServer(AdServer server, int drifting, long seed) {
        this.server = server;
        this.drifting = drifting;
        this.random = new SplittableRandom(seed ^ 0xd21f7);
    }

    @Override
    public boolean serves(Campaign campaign) {
        boolean serves = server.serves(campaign);
        if (!serves) {
            withheld++;
        }
        return serves;
    }

    @Override
    public void spent(Campaign campaign, long eventTime, long micros) {
        spentMicros += micros;
        if (campaign.index() >= drifting || random.nextDouble() >= GARBLED_SHARE) {
            server.spent(campaign, eventTime, micros);
            return;
        }
        boolean doubled = campaign.index() % 2 == 1;
        if (doubled) {
            server.spent(campaign, eventTime, 2 * micros);
        }
        long difference = doubled ? micros : -micros;
        drifts.merge(
                campaign.index(),
                new Drift(campaign.id(), doubled, difference),
                (earlier, next) ->
                        new Drift(earlier.campaign(), doubled, earlier.micros() + next.micros()));
    }

    /** How often an ad was not shown because its campaign was paused. */
    long withheld() {
        return withheld;
    }

    /** What the served clicks have cost, micros. */
    long spentMicros() {
        return spentMicros;
    }

    /** By how much counters were garbled, in the order of the campaigns. */
    List<Drift> drifts() {
        return new ArrayList<>(drifts.values());
    }
}
