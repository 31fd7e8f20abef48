package io.adstream.metrics;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.OptionSet;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Options of the metrics job alone. */
public final class MetricsOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Metrics job", "Windows per ad, campaign and advertiser.");

    public static final ConfigOption<Duration> ALLOWED_LATENESS =
            OPTIONS.duration("metrics.allowed-lateness")
                    .defaultTo(Duration.ofMinutes(5))
                    .between(Duration.ZERO, Duration.ofDays(1))
                    .describedAs(
                            "How long after its end a window can be amended, in event time. An"
                                    + " event that comes later still is LATE and counts in no"
                                    + " window. At most dedup.horizon.");

    public static final ConfigOption<Boolean> RAW_EVENTS =
            OPTIONS.bool("metrics.raw-events")
                    .defaultTo(true)
                    .describedAs(
                            "Whether each valid event is kept in realtime.raw_events. It bounds the"
                                    + " throughput to what PostgreSQL inserts.");

    public static final ConfigOption<Duration> RAW_EVENTS_RETENTION =
            OPTIONS.duration("metrics.raw-events-retention")
                    .defaultTo(Duration.ofDays(30))
                    .between(Duration.ofDays(1), Duration.ofDays(3650))
                    .describedAs(
                            "How long raw events are kept, counted in event time behind the"
                                    + " watermark; whole UTC days are dropped.");

    public static final ConfigOption<Duration> LIVE_INTERVAL =
            OPTIONS.duration("metrics.live-interval")
                    .defaultTo(Duration.ofMillis(900))
                    .between(Duration.ofMillis(100), Duration.ofMinutes(1))
                    .describedAs(
                            "The shortest time between two writes of a live key. A key that was"
                                    + " quiet is written at once. The default leaves a tenth of a"
                                    + " second for fetching, so that a busy key too is at most a"
                                    + " second behind.");

    public static final ConfigOption<Duration> LIVE_INTERVAL_BEHIND =
            OPTIONS.duration("metrics.live-interval-behind")
                    .defaultTo(Duration.ofMinutes(1))
                    .between(Duration.ofMillis(100), Duration.ofMinutes(1))
                    .describedAs(
                            "What the interval of live keys stretches to, at most, while the job"
                                    + " works off a backlog: it is then a tenth of the time since"
                                    + " the records' Kafka timestamp, and holds for the keys of"
                                    + " closed windows too. The same as metrics.live-interval or"
                                    + " less: it never stretches for that.");

    static {
        OPTIONS.rule(
                config ->
                        config.get(ALLOWED_LATENESS)
                                                .compareTo(config.get(CommonOptions.DEDUP_HORIZON))
                                        > 0
                                ? "metrics.allowed-lateness must not be longer than dedup.horizon: a"
                                        + " late duplicate would count twice"
                                : null);
    }

    private MetricsOptions() {}
}
