package io.adstream.features;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.features.retarget.RetargetingRules;
import io.adstream.features.user.UserRules;
import java.time.Duration;

/**
 * What the topology of the features job is set to.
 *
 * @param dedupHorizon how long an event id is remembered, in event time
 * @param allowedLateness how long after its end an hour or a session can be amended
 * @param adEvents whether ad events are read
 * @param rules what features are made by
 * @param usersOnHeap how many users of a subtask are kept as objects
 * @param profileInterval the shortest time between two writes of a profile to Redis
 */
public record FeaturesConfig(
        Duration dedupHorizon,
        Duration allowedLateness,
        boolean adEvents,
        UserRules rules,
        int usersOnHeap,
        Duration profileInterval) {

    private static final Duration HOUR_TTL = Duration.ofHours(2);
    private static final Duration SESSION_TTL = Duration.ofHours(1);

    public static FeaturesConfig from(JobSettings settings) {
        Duration lateness = settings.get(FeaturesOptions.ALLOWED_LATENESS);
        return new FeaturesConfig(
                settings.get(CommonOptions.DEDUP_HORIZON),
                lateness,
                settings.get(FeaturesOptions.AD_EVENTS),
                new UserRules(
                        lateness.toMillis(),
                        HOUR_TTL.toMillis(),
                        SESSION_TTL.toMillis(),
                        settings.get(FeaturesOptions.PROFILE_TTL).toMillis(),
                        settings.get(FeaturesOptions.HALF_LIFE).toMillis(),
                        settings.get(FeaturesOptions.MAX_CATEGORIES),
                        settings.get(FeaturesOptions.TOP_CATEGORIES),
                        new RetargetingRules(
                                settings.get(FeaturesOptions.CART_TIMEOUT).toMillis(),
                                settings.get(FeaturesOptions.REPEATED_VIEWS),
                                settings.get(FeaturesOptions.REPEATED_VIEW_SPAN).toMillis(),
                                settings.get(FeaturesOptions.SIGNAL_TTL).toMillis(),
                                settings.get(FeaturesOptions.MAX_PRODUCTS),
                                settings.get(FeaturesOptions.MAX_SIGNALS))),
                settings.get(FeaturesOptions.USERS_ON_HEAP),
                settings.get(FeaturesOptions.PROFILE_INTERVAL));
    }
}
