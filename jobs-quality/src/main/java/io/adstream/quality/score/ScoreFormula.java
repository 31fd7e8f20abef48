package io.adstream.quality.score;

import io.adstream.quality.hour.AdHour;
import io.adstream.quality.pool.PooledHour;
import java.io.Serializable;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How a score is made.
 *
 * <p>Small counts say little, so each ad is given some impressions and clicks that do as its
 * category does (an empirical Bayes prior). The score is a number of points per doubling of its
 * rates over those of the category, and moves by a part of the way at each refresh.
 */
public final class ScoreFormula implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ScoreParameters parameters;

    public ScoreFormula(ScoreParameters parameters) {
        this.parameters = parameters;
    }

    /**
     * The score of an hour.
     *
     * @param latest the refresh before, or null for an ad's first
     */
    Refresh refresh(PooledHour pooled, @Nullable Refresh latest) {
        double previous = latest == null ? parameters.neutral() : latest.base();
        AdHour hour = pooled.hour();
        double categoryCtr = ratio(pooled.clicks(), pooled.impressions());
        double categoryCvr = ratio(pooled.conversions(), pooled.clicks());
        double ctr =
                smoothed(
                        hour.clicks(),
                        hour.impressions(),
                        categoryCtr,
                        parameters.priorImpressions());
        double cvr =
                smoothed(hour.conversions(), hour.clicks(), categoryCvr, parameters.priorClicks());
        double ctrTerm = parameters.ctrWeight() * doublings(ctr, categoryCtr);
        double cvrTerm = parameters.cvrWeight() * doublings(cvr, categoryCvr);
        double raw =
                Math.min(
                        parameters.max(),
                        Math.max(parameters.min(), parameters.neutral() + ctrTerm + cvrTerm));
        double base = parameters.newWeight() * raw + (1 - parameters.newWeight()) * previous;
        return new Refresh(
                pooled, ctr, cvr, categoryCtr, categoryCvr, ctrTerm, cvrTerm, raw, previous, base);
    }

    /** The score that is served: the base score without the points of penalties. */
    double served(Refresh refresh, double penalty) {
        return Math.max(parameters.min(), refresh.base() - penalty);
    }

    /** Whether a score is far enough from the one that was published; exact in decimals. */
    boolean moved(double score, double published) {
        return BigDecimal.valueOf(score)
                        .subtract(BigDecimal.valueOf(published))
                        .abs()
                        .compareTo(BigDecimal.valueOf(parameters.threshold()))
                >= 0;
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static double smoothed(long part, long whole, double usual, double prior) {
        return (part + prior * usual) / (whole + prior);
    }

    /** How often a rate is the double of another; 0 where the other is 0. The same on every CPU. */
    private static double doublings(double rate, double usual) {
        return usual == 0 ? 0 : StrictMath.log(rate / usual) / StrictMath.log(2);
    }
}
