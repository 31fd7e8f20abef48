package io.adstream.quality;

import io.adstream.quality.hour.AdHour;
import io.adstream.quality.pool.PooledHour;
import io.adstream.quality.score.Refresh;
import io.adstream.quality.score.Score;

/** Scores for tests. */
public final class Scores {

    public static final long NOON = 1_795_176_000_000L;

    private static final long MINUTE = 60_000;

    private Scores() {}

    /** A score of category {@code shoes}, without a place. */
    public static Score score(String adId, int minute, double score, int revision) {
        AdHour hour = new AdHour(adId, "shoes", NOON + minute * MINUTE, 1000, 20, 3, false);
        return new Score(
                adId,
                new Refresh(
                        new PooledHour(hour, 100_000, 1000, 100),
                        0.0183,
                        0.125,
                        0.01,
                        0.1,
                        1.96,
                        0.36,
                        7.82,
                        5.5,
                        score + 0.25),
                0.25,
                score,
                revision,
                0,
                0);
    }
}
