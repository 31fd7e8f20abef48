package io.adstream.quality.score;

/**
 * A score that is published between two refreshes, since a penalty came.
 *
 * @param before what was served until then
 */
public record Penalized(double before, Score publication) {

    /** The category that the ad was judged in. */
    public String category() {
        return publication.refresh().category();
    }
}
