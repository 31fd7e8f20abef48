package io.adstream.anomaly.score;

import org.jspecify.annotations.Nullable;

/**
 * A record of topic {@code quality-score-updates}, as far as it matters here.
 *
 * @param kind what it is
 * @param adId the ad; empty where the record is none
 * @param baseScore the score before penalties, or null
 * @param at when it was given, epoch ms; 0 where the record is none
 */
public record ScoreUpdate(Kind kind, String adId, @Nullable Double baseScore, long at) {

    /** What a record is. */
    public enum Kind {
        /** A score. */
        SCORE,
        /** Another record of the topic, such as a penalty. */
        OTHER,
        /** No record of the topic. */
        BROKEN
    }

    static final ScoreUpdate OTHER = new ScoreUpdate(Kind.OTHER, "", null, 0);
    static final ScoreUpdate BROKEN = new ScoreUpdate(Kind.BROKEN, "", null, 0);
}
