package io.adstream.metrics;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.JobSettings;
import io.adstream.common.config.RedisOptions;
import java.time.Duration;

/**
 * What the topology of the metrics job is set to.
 *
 * @param dedupHorizon how long an event id is remembered, in event time
 * @param allowedLateness how long after its end a window can be amended
 * @param liveInterval the shortest time between two writes of a live key
 * @param liveIntervalBehind what that time stretches to, at most, while the job works off a backlog
 * @param maxWrites live keys per second of the whole job
 * @param rawEvents whether valid events are kept as they are
 */
public record MetricsConfig(
        Duration dedupHorizon,
        Duration allowedLateness,
        Duration liveInterval,
        Duration liveIntervalBehind,
        int maxWrites,
        boolean rawEvents) {

    public static MetricsConfig from(JobSettings settings) {
        return new MetricsConfig(
                settings.get(CommonOptions.DEDUP_HORIZON),
                settings.get(MetricsOptions.ALLOWED_LATENESS),
                settings.get(MetricsOptions.LIVE_INTERVAL),
                settings.get(MetricsOptions.LIVE_INTERVAL_BEHIND),
                settings.get(RedisOptions.MAX_WRITES),
                settings.get(MetricsOptions.RAW_EVENTS));
    }
}
