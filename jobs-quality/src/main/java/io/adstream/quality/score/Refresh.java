package io.adstream.quality.score;

import io.adstream.quality.pool.PooledHour;

/**
 * What a refresh made of an ad's hour, with all that it was made of.
 *
 * @param hour the counts
 * @param ctr smoothed clicks per impression
 * @param cvr smoothed conversions per click
 * @param categoryCtr clicks per impression of the category; 0 without impressions
 * @param categoryCvr conversions per click of the category; 0 without clicks
 * @param ctrTerm points for the CTR
 * @param cvrTerm points for the CVR
 * @param raw the score of the hour alone
 * @param previous the base score of the refresh before
 * @param base the smoothed score, before penalties
 */
public record Refresh(
        PooledHour hour,
        double ctr,
        double cvr,
        double categoryCtr,
        double categoryCvr,
        double ctrTerm,
        double cvrTerm,
        double raw,
        double previous,
        double base) {

    /** End of the hour, exclusive, epoch milliseconds. */
    public long at() {
        return hour.hour().at();
    }

    /** The category that the ad was judged in. */
    public String category() {
        return hour.hour().pool();
    }
}
