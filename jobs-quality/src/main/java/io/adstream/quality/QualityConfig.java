package io.adstream.quality;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.quality.score.ScoreParameters;
import java.time.Duration;

/**
 * What the topology of the quality job is set to.
 *
 * @param windows windows of five minutes that a score is made of
 * @param retention how long after its newest window an ad is kept
 * @param settle how long no first row of a window must have come before a refresh
 * @param silence after how long without a row a partition is taken to be complete
 * @param idleness how long a partition without any row is waited for
 * @param formula the numbers of the formula
 */
public record QualityConfig(
        int windows,
        Duration retention,
        Duration settle,
        Duration silence,
        Duration idleness,
        ScoreParameters formula) {

    public static QualityConfig from(JobSettings settings) {
        return new QualityConfig(
                settings.get(QualityOptions.WINDOWS),
                settings.get(QualityOptions.RETENTION),
                settings.get(QualityOptions.SETTLE_TIME),
                settings.get(QualityOptions.SILENCE),
                settings.get(CommonOptions.IDLENESS),
                new ScoreParameters(
                        settings.get(QualityOptions.PRIOR_IMPRESSIONS),
                        settings.get(QualityOptions.PRIOR_CLICKS),
                        settings.get(QualityOptions.NEUTRAL_SCORE),
                        settings.get(QualityOptions.CTR_WEIGHT),
                        settings.get(QualityOptions.CVR_WEIGHT),
                        settings.get(QualityOptions.NEW_WEIGHT),
                        settings.get(QualityOptions.MIN_SCORE),
                        settings.get(QualityOptions.MAX_SCORE),
                        settings.get(QualityOptions.PUBLISH_THRESHOLD)));
    }
}
