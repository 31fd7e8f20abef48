package io.adstream.attribution;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.OptionSet;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Options of the attribution job alone. */
public final class AttributionOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Attribution job", "Which clicks a conversion is credited to.");

    public static final ConfigOption<Duration> WINDOW =
            OPTIONS.duration("attribution.window")
                    .defaultTo(Duration.ofHours(24))
                    .between(Duration.ofSeconds(1), Duration.ofDays(30))
                    .describedAs(
                            "How long before a conversion a click counts, both ends included."
                                    + " State grows with it.");

    public static final ConfigOption<Scope> SCOPE =
            OPTIONS.choice("attribution.scope", Scope.class)
                    .defaultTo(Scope.ADVERTISER)
                    .describedAs(
                            "advertiser: a conversion that names an advertiser counts the clicks of"
                                    + " this one alone. none: the ids alone decide.");

    public static final ConfigOption<Duration> HALF_LIFE =
            OPTIONS.duration("attribution.half-life")
                    .defaultTo(Duration.ofHours(7))
                    .between(Duration.ofSeconds(1), Duration.ofDays(365))
                    .describedAs(
                            "Model time_decay: a click that is this much older than another gets"
                                    + " half of its credit.");

    public static final ConfigOption<Integer> MAX_CLICKS_PER_KEY =
            OPTIONS.integer("attribution.max-clicks-per-key")
                    .defaultTo(10_000)
                    .between(1, 1_000_000)
                    .describedAs(
                            "So many clicks of one session or device count for a conversion, the"
                                    + " newest in the window.");

    public static final ConfigOption<Integer> MAX_PATH =
            OPTIONS.integer("attribution.max-path")
                    .defaultTo(500)
                    .between(2, 10_000)
                    .describedAs(
                            "So many touches are named by a result, the first and the newest"
                                    + " others; credits are divided among these. Fewer where a"
                                    + " record would exceed 1 MiB.");

    public static final ConfigOption<Duration> MAX_OUT_OF_ORDERNESS =
            OPTIONS.duration("attribution.max-out-of-orderness")
                    .defaultTo(Duration.ofSeconds(60))
                    .between(Duration.ZERO, Duration.ofHours(6))
                    .describedAs(
                            "How far events of one partition may be out of order; stands in for"
                                    + " watermark.max-out-of-orderness. A conversion waits that"
                                    + " long for its result.");

    static {
        OPTIONS.rule(
                config ->
                        !config.get(CommonOptions.MAX_OUT_OF_ORDERNESS)
                                        .equals(CommonOptions.MAX_OUT_OF_ORDERNESS.defaultValue())
                                ? "watermark.max-out-of-orderness means nothing to this job: set"
                                        + " attribution.max-out-of-orderness"
                                : null);
    }

    private AttributionOptions() {}

    /** Whose clicks are candidates. */
    public enum Scope {
        ADVERTISER,
        NONE
    }
}
