package io.adstream.attribution;

import io.adstream.attribution.match.PathLimits;
import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import java.time.Duration;

/**
 * What the topology of the attribution job is set to.
 *
 * @param dedupHorizon how long an event id is remembered, in event time
 * @param window how long before a conversion a click counts
 * @param advertiserScope whether a conversion that names an advertiser counts the clicks of no
 *     other
 * @param halfLife of model time_decay
 * @param limits how many clicks count and are named
 */
public record AttributionConfig(
        Duration dedupHorizon,
        Duration window,
        boolean advertiserScope,
        Duration halfLife,
        PathLimits limits) {

    public static AttributionConfig from(JobSettings settings) {
        return new AttributionConfig(
                settings.get(CommonOptions.DEDUP_HORIZON),
                settings.get(AttributionOptions.WINDOW),
                settings.get(AttributionOptions.SCOPE) == AttributionOptions.Scope.ADVERTISER,
                settings.get(AttributionOptions.HALF_LIFE),
                new PathLimits(
                        settings.get(AttributionOptions.MAX_CLICKS_PER_KEY),
                        settings.get(AttributionOptions.MAX_PATH)));
    }
}
