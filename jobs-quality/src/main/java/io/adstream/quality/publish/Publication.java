package io.adstream.quality.publish;

import io.adstream.quality.score.Departure;
import io.adstream.quality.score.Score;
import org.jspecify.annotations.Nullable;

/**
 * What stores and readers are told of an ad.
 *
 * @param at the refresh that it is of, epoch milliseconds
 * @param score the score; null where the ad has gone
 */
public record Publication(Kind kind, String adId, long at, @Nullable Score score) {

    /** What it is for. */
    public enum Kind {
        /** A score: for Kafka and every store. */
        PUBLISHED,
        /** A score that a newer one of the ad has overtaken on its way: for Kafka alone. */
        OVERTAKEN,
        /** A score that Redis has lost: for Redis alone. */
        SERVED_AGAIN,
        /** The ad was silent for long: its Redis key goes. */
        GONE
    }

    /** Before it is known whether another one has overtaken it. */
    public static Publication of(Score score) {
        return new Publication(Kind.PUBLISHED, score.adId(), score.refresh().at(), score);
    }

    /** The end of an ad. */
    public static Publication of(Departure departure) {
        return new Publication(Kind.GONE, departure.adId(), departure.at(), null);
    }

    /** The same for another purpose. */
    Publication as(Kind other) {
        return new Publication(other, adId, at, score);
    }

    /** The score. */
    public Score published() {
        if (score == null) {
            throw new IllegalStateException("the ad has gone: " + adId);
        }
        return score;
    }

    /** The revision of the score; 0 where the ad has gone. */
    int revision() {
        return score == null ? 0 : score.revision();
    }

    /** For Kafka. */
    public boolean isRecord() {
        return kind == Kind.PUBLISHED || kind == Kind.OVERTAKEN;
    }

    /** For PostgreSQL. */
    public boolean isRow() {
        return kind == Kind.PUBLISHED;
    }

    /** For Redis. */
    public boolean isServed() {
        return kind != Kind.OVERTAKEN;
    }
}
