package io.adstream.quality.score;

/**
 * A score that is published.
 *
 * @param penalty points of the penalties in force
 * @param score what is served: the base score without these points
 * @param revision how many scores of the ad were published, this one included
 * @param rank place in the category, 1 is the best; ads with equal scores share one
 * @param size ads in the category
 */
public record Score(
        String adId,
        Refresh refresh,
        double penalty,
        double score,
        int revision,
        int rank,
        int size) {

    /** A score whose place is not known yet. */
    static Score unranked(
            String adId, Refresh refresh, double penalty, double score, int revision) {
        return new Score(adId, refresh, penalty, score, revision, 0, 0);
    }

    /** The same with its place. */
    public Score ranked(int place, int ofSize) {
        return new Score(adId, refresh, penalty, score, revision, place, ofSize);
    }
}
