package io.adstream.bench.anomaly;

import io.adstream.anomaly.ad.AdMinute;
import io.adstream.anomaly.ad.Chance;
import org.jspecify.annotations.Nullable;

/** An ad whose counts follow known rates, with at most one incident in a day. */
final class SimulatedAd {

    /** Mean delay from a click to its conversion, minutes. */
    private static final double LAG_MINUTES = 8;

    /** What is injected. */
    enum Kind {
        CTR_SPIKE("ctr-spike"),
        CVR_DROP("cvr-drop");

        final String rule;

        Kind(String rule) {
            this.rule = rule;
        }
    }

    /**
     * An incident.
     *
     * @param from its first minute
     * @param to the minute after its last
     * @param factor by which the rate is multiplied
     */
    record Label(Kind kind, int from, int to, double factor) {}

    final String id;
    final String advertiser;
    final double impressions;
    final double ctr;
    final double cvr;
    final double peak;
    final @Nullable Label label;

    private final Draws draws;
    private double pending;

    SimulatedAd(int number, Draws draws, int minutes, boolean injected) {
        this.draws = draws;
        id = "ad-" + number;
        advertiser = "adv-" + number % 50;
        impressions = draws.logUniform(5, 3000);
        ctr = draws.logUniform(0.001, 0.05);
        cvr = draws.logUniform(0.01, 0.2);
        peak = draws.uniform(0, 1440);
        Kind kind = draws.below(2) == 0 ? Kind.CTR_SPIKE : Kind.CVR_DROP;
        int from = minutes / 4 + draws.below(minutes / 2);
        label =
                !injected
                        ? null
                        : kind == Kind.CTR_SPIKE
                                ? new Label(
                                        kind,
                                        from,
                                        from + 3 + draws.below(8),
                                        Math.min(draws.uniform(12, 25), 0.9 / ctr))
                                : new Label(
                                        kind,
                                        from,
                                        from + 20 + draws.below(41),
                                        draws.uniform(0, 0.15));
    }

    /** The mean of a minute, by the time of the day. */
    private double mean(int minute) {
        return impressions * (1 + 0.5 * Math.cos(2 * Math.PI * (minute - peak) / 1440));
    }

    /** The counts of the next minute. */
    AdMinute minute(int minute, long time) {
        Label now = label != null && minute >= label.from && minute < label.to ? label : null;
        long shown = draws.poisson(mean(minute));
        double clickRate = ctr * (now != null && now.kind == Kind.CTR_SPIKE ? now.factor : 1);
        long clicks = Math.min(shown, draws.poisson(shown * clickRate));
        double due = pending / LAG_MINUTES;
        pending += clicks * cvr - due;
        long conversions =
                draws.poisson(due * (now != null && now.kind == Kind.CVR_DROP ? now.factor : 1));
        return new AdMinute(id, "cmp-" + id, advertiser, time, shown, clicks, conversions);
    }

    /**
     * Whether the incident passes the rule's guards where all counts are as expected.
     *
     * @param chance the rule's guard against chance; 1 is none
     */
    boolean isAboveGuards(double chance) {
        Label incident = label;
        if (incident == null) {
            return false;
        }
        double shown = mean((incident.from + incident.to) / 2);
        double history = impressions * 240;
        if (incident.kind == Kind.CTR_SPIKE) {
            double clicks = shown * ctr * incident.factor;
            return shown >= 110
                    && incident.factor > 11
                    && Chance.wilsonLower((long) clicks, (long) shown, 1.96) > 3 * ctr
                    && (chance >= 1
                            || Chance.atLeast((long) clicks, shown, history * ctr, history)
                                    < chance);
        }
        double clicks = 10 * shown * ctr;
        double known = history * ctr;
        int minutes = incident.to - incident.from;
        return clicks >= 60
                && Chance.atMost(
                                Math.round(clicks * cvr * incident.factor),
                                clicks,
                                known * cvr,
                                known)
                        < 0.001
                && (chance >= 1
                        || Chance.atMost(
                                        Math.round(minutes / 10.0 * clicks * cvr * incident.factor),
                                        minutes / 10.0 * clicks,
                                        known * cvr,
                                        known)
                                < chance);
    }
}
