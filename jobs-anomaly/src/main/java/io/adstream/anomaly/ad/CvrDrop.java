package io.adstream.anomaly.ad;

import io.adstream.anomaly.ad.Verdict.Level;
import io.adstream.anomaly.incident.Text;
import io.adstream.anomaly.rule.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Judges the CVR of ten minutes. Ten minutes that break the rule are a suspicion; an incident they
 * are when they, or the whole stretch since then, are beyond chance, since every ad is looked at
 * 1440 times a day: at once where many conversions are missing. Conversions come long after their
 * clicks: a rule may say that those of a surge of clicks are not expected yet. Pure.
 */
final class CvrDrop {

    private static final double PERCENT = 100;

    private CvrDrop() {}

    /** Judges the ten minutes that end with a minute, while there is no incident. */
    static Verdict judge(long minute, AdWatch ad, Usual usual, Rule rule) {
        long start = AdWatch.firstOfTen(minute);
        long[] ten = ad.lastTen(minute);
        Suspicion suspicion = ad.suspicion;
        if (ten[0] < rule.whole("min_clicks") || usual.trials() < rule.whole("learning_clicks")) {
            suspicion.clear();
            return Verdict.unknown(start);
        }
        double rate = usual.rate();
        double ratio = rule.number("ratio");
        double expecting = expecting(ten[0], AdWatch.CVR_MINUTES, usual, rule);
        // A likelihood costs more than all else here, and is asked for by few minutes.
        double chance = ten[1] > ratio * rate * expecting ? 1 : chance(ten[1], expecting, usual);
        if (chance >= rule.number("max_chance")) {
            suspicion.clear();
            return Verdict.calm(start);
        }
        if (suspicion.held) {
            MinuteCounts newest = ad.at(minute);
            suspicion.add(expecting(newest.clicks, 1, usual, rule), newest.conversions);
        } else {
            suspicion.add(expecting, ten[1]);
        }
        double confirm = rule.number("confirm_chance");
        boolean hot =
                confirm >= 1
                        || chance < confirm
                        || chance(suspicion.conversions, suspicion.clicks, usual) < confirm;
        return hot ? verdict(start, ten, Level.HOT, rate, ratio) : Verdict.calm(start);
    }

    /**
     * Judges ten minutes of an incident, by what was usual when it began.
     *
     * @param usual that CVR, in percent
     */
    static Verdict follow(
            long minute, AdWatch ad, Usual clicks, @Nullable Double usual, Rule rule) {
        long start = AdWatch.firstOfTen(minute);
        long[] ten = ad.lastTen(minute);
        if (usual == null || ten[0] < rule.whole("min_clicks")) {
            return Verdict.unknown(start);
        }
        double rate = usual / PERCENT;
        double expected = rate * expecting(ten[0], AdWatch.CVR_MINUTES, clicks, rule);
        double ratio = rule.number("ratio");
        Level level =
                ten[1] <= ratio * expected
                        ? Level.HOT
                        : ten[1] >= rule.number("calm_ratio") * expected
                                ? Level.CALM
                                : Level.BETWEEN;
        return verdict(start, ten, level, rate, ratio);
    }

    /** Of how many clicks conversions are expected. */
    private static double expecting(long clicks, int minutes, Usual usual, Rule rule) {
        return Math.min(
                (double) clicks, rule.number("max_surge") * minutes * usual.trialsPerMinute());
    }

    private static double chance(long conversions, double clicks, Usual usual) {
        return Chance.atMost(conversions, clicks, usual.successes(), usual.trials());
    }

    private static Verdict verdict(long start, long[] ten, Level level, double rate, double ratio) {
        double observed = PERCENT * ten[1] / ten[0];
        return new Verdict(
                level,
                start,
                observed,
                PERCENT * rate,
                PERCENT * ratio * rate,
                "CVR %s (%d conversions of %d clicks in ten minutes), usual %s."
                        .formatted(
                                Text.percent(observed),
                                ten[1],
                                ten[0],
                                Text.percent(PERCENT * rate)));
    }
}
