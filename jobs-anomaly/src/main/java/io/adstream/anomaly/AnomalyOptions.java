package io.adstream.anomaly;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.OptionSet;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Options of the anomaly job alone. What its rules are set to is changed while it runs. */
public final class AnomalyOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named(
                    "Anomaly job",
                    "How events become alerts. The rules themselves are set by records of topic"
                            + " `control`; see docs/anomaly.md.");

    public static final ConfigOption<Duration> ALLOWED_LATENESS =
            OPTIONS.duration("anomaly.allowed-lateness")
                    .defaultTo(Duration.ofMinutes(5))
                    .between(Duration.ZERO, Duration.ofHours(1))
                    .describedAs(
                            "How long after the end of its minute an event still counts, in event"
                                    + " time. At most dedup.horizon.");

    public static final ConfigOption<Duration> RETENTION =
            OPTIONS.duration("anomaly.retention")
                    .defaultTo(Duration.ofDays(3))
                    .between(Duration.ofHours(1), Duration.ofDays(90))
                    .describedAs(
                            "How long after its latest event what is usual for an ad is remembered,"
                                    + " in event time.");

    public static final ConfigOption<Integer> STORM_ENTITIES =
            OPTIONS.integer("anomaly.storm-entities")
                    .defaultTo(20)
                    .between(1, 1000)
                    .describedAs(
                            "So many entities of one advertiser that break one rule within"
                                    + " anomaly.storm-window have an alert each; for all further"
                                    + " ones there is one alert about the advertiser.");

    public static final ConfigOption<Duration> STORM_WINDOW =
            OPTIONS.duration("anomaly.storm-window")
                    .defaultTo(Duration.ofMinutes(5))
                    .between(Duration.ofMinutes(1), Duration.ofHours(24))
                    .describedAs("Within what time they do so, in event time.");

    static {
        OPTIONS.rule(
                config ->
                        config.get(ALLOWED_LATENESS)
                                                .compareTo(config.get(CommonOptions.DEDUP_HORIZON))
                                        > 0
                                ? "anomaly.allowed-lateness must not be longer than dedup.horizon: a"
                                        + " late duplicate would count twice"
                                : null);
    }

    private AnomalyOptions() {}
}
