package io.adstream.anomaly.ad;

import io.adstream.anomaly.ad.Verdict.Level;
import io.adstream.anomaly.incident.Text;
import io.adstream.anomaly.rule.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Judges the CTR of one minute. A breach is far above what is usual, by Wilson's interval too, and
 * beyond chance: at a usual CTR of 0.1 % two clicks of 100 impressions are ten times that, and
 * Wilson's lower end is above three times it, but so is one minute in 200. Pure.
 */
final class CtrSpike {

    private static final double PERCENT = 100;

    private CtrSpike() {}

    /** Judges a minute while there is no incident. */
    static Verdict judge(long minute, MinuteCounts counts, Usual usual, Rule rule) {
        if (counts.impressions < rule.whole("min_impressions")
                || usual.trials() < rule.whole("learning_impressions")) {
            return Verdict.unknown(minute);
        }
        double rate = usual.rate();
        double ratio = rule.number("ratio");
        double observed = (double) counts.clicks / counts.impressions;
        boolean hot =
                observed > ratio * rate
                        && Chance.wilsonLower(
                                        counts.clicks, counts.impressions, rule.number("wilson_z"))
                                > rule.number("wilson_ratio") * rate
                        && isBeyondChance(counts, usual, rule.number("max_chance"));
        return hot ? verdict(minute, counts, Level.HOT, rate, ratio) : Verdict.calm(minute);
    }

    private static boolean isBeyondChance(MinuteCounts counts, Usual usual, double most) {
        return most >= 1
                || Chance.atLeast(
                                counts.clicks,
                                (double) counts.impressions,
                                usual.successes(),
                                usual.trials())
                        < most;
    }

    /**
     * Judges a minute of an incident, by what was usual when it began.
     *
     * @param usual that CTR, in percent
     */
    static Verdict follow(long minute, MinuteCounts counts, @Nullable Double usual, Rule rule) {
        if (usual == null || counts.impressions < rule.whole("min_impressions")) {
            return Verdict.unknown(minute);
        }
        double rate = usual / PERCENT;
        double observed = (double) counts.clicks / counts.impressions;
        double ratio = rule.number("ratio");
        Level level =
                observed > ratio * rate
                        ? Level.HOT
                        : observed <= rule.number("calm_ratio") * rate ? Level.CALM : Level.BETWEEN;
        return verdict(minute, counts, level, rate, ratio);
    }

    private static Verdict verdict(
            long minute, MinuteCounts counts, Level level, double rate, double ratio) {
        double observed = PERCENT * counts.clicks / counts.impressions;
        return new Verdict(
                level,
                minute,
                observed,
                PERCENT * rate,
                PERCENT * ratio * rate,
                "CTR %s (%d clicks of %d impressions in one minute), usual %s."
                        .formatted(
                                Text.percent(observed),
                                counts.clicks,
                                counts.impressions,
                                Text.percent(PERCENT * rate)));
    }
}
