package io.adstream.quality;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.OptionSet;
import io.adstream.quality.input.AdWindow;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/** Options of the quality job alone. */
public final class QualityOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named(
                    "Quality job", "How ads are scored beside the others of their category.");

    /** Column score of quality.scores has four digits before the point. */
    private static final double GREATEST_SCORE = 9999;

    public static final ConfigOption<Integer> WINDOWS =
            OPTIONS.integer("quality.windows")
                    .defaultTo(12)
                    .between(1, 288)
                    .describedAs(
                            "So many windows of five minutes before a refresh make a score; 12 are"
                                    + " an hour.");

    public static final ConfigOption<Double> PRIOR_IMPRESSIONS =
            OPTIONS.number("quality.prior-impressions")
                    .defaultTo(200.0)
                    .between(0.001, 1e9)
                    .describedAs(
                            "Each ad is given so many impressions with the CTR of its category: an"
                                    + " ad with few of its own is close to the category.");

    public static final ConfigOption<Double> PRIOR_CLICKS =
            OPTIONS.number("quality.prior-clicks")
                    .defaultTo(20.0)
                    .between(0.001, 1e9)
                    .describedAs("The same for clicks, with the CVR of the category.");

    public static final ConfigOption<Double> NEUTRAL_SCORE =
            OPTIONS.number("quality.neutral-score")
                    .defaultTo(5.5)
                    .between(0.0, GREATEST_SCORE)
                    .describedAs(
                            "The score of an ad that does as its category does, and what an ad's"
                                    + " first score is smoothed with.");

    public static final ConfigOption<Double> CTR_WEIGHT =
            OPTIONS.number("quality.ctr-weight")
                    .defaultTo(2.25)
                    .between(0.0, 1e6)
                    .describedAs("Points per doubling of the CTR over that of the category.");

    public static final ConfigOption<Double> CVR_WEIGHT =
            OPTIONS.number("quality.cvr-weight")
                    .defaultTo(1.125)
                    .between(0.0, 1e6)
                    .describedAs("Points per doubling of the CVR over that of the category.");

    public static final ConfigOption<Double> NEW_WEIGHT =
            OPTIONS.number("quality.new-weight")
                    .defaultTo(0.3)
                    .between(0.001, 1.0)
                    .describedAs(
                            "Share of the newest hour in a base score; the rest is the base score"
                                    + " of the refresh before. 1 does not smooth.");

    public static final ConfigOption<Double> MIN_SCORE =
            OPTIONS.number("quality.min-score")
                    .defaultTo(1.0)
                    .between(0.0, GREATEST_SCORE)
                    .describedAs("The lowest score, with penalties too.");

    public static final ConfigOption<Double> MAX_SCORE =
            OPTIONS.number("quality.max-score")
                    .defaultTo(10.0)
                    .between(0.0, GREATEST_SCORE)
                    .describedAs("The highest score.");

    public static final ConfigOption<Double> PUBLISH_THRESHOLD =
            OPTIONS.number("quality.publish-threshold")
                    .defaultTo(0.5)
                    .between(0.0, 1e6)
                    .describedAs(
                            "A score is published when it is this far from the one that was"
                                    + " published last. 0 publishes each refresh.");

    public static final ConfigOption<Duration> RETENTION =
            OPTIONS.duration("quality.retention")
                    .defaultTo(Duration.ofHours(24))
                    .between(Duration.ofMinutes(5), Duration.ofDays(30))
                    .describedAs(
                            "So long after the end of its newest window an ad is forgotten, and its"
                                    + " Redis key removed.");

    public static final ConfigOption<Duration> SETTLE_TIME =
            OPTIONS.duration("quality.settle-time")
                    .defaultTo(Duration.ofSeconds(15))
                    .between(Duration.ZERO, Duration.ofHours(1))
                    .describedAs(
                            "A refresh waits until so long no first row of its hour has come."
                                    + " Longer than the checkpoint interval of the metrics job:"
                                    + " rows of one window may come with two of its checkpoints.");

    public static final ConfigOption<Duration> SILENCE =
            OPTIONS.duration("quality.silence")
                    .defaultTo(Duration.ofMinutes(2))
                    .between(Duration.ofSeconds(1), Duration.ofHours(1))
                    .describedAs(
                            "After so long without a row a partition is taken to be complete, and"
                                    + " no longer holds time back. Longer than a minute and the"
                                    + " checkpoint interval of the metrics job: rows come every"
                                    + " minute. For a partition without any row"
                                    + " watermark.idleness.");

    static {
        OPTIONS.rule(
                config ->
                        config.get(MIN_SCORE) <= config.get(NEUTRAL_SCORE)
                                        && config.get(NEUTRAL_SCORE) <= config.get(MAX_SCORE)
                                ? null
                                : "quality.neutral-score must be between quality.min-score and"
                                        + " quality.max-score");
        OPTIONS.rule(
                config ->
                        config.get(RETENTION).toMillis() >= config.get(WINDOWS) * AdWindow.MILLIS
                                ? null
                                : "quality.retention must not be shorter than quality.windows of"
                                        + " five minutes");
        OPTIONS.rule(QualityOptions::meaningless);
    }

    private QualityOptions() {}

    /** Options of jobs that read events. */
    private static @Nullable String meaningless(ReadableConfig config) {
        for (ConfigOption<Duration> option :
                List.of(
                        CommonOptions.DEDUP_HORIZON,
                        CommonOptions.MAX_OUT_OF_ORDERNESS,
                        CommonOptions.MAX_DRIFT)) {
            if (!config.get(option).equals(option.defaultValue())) {
                return option.key() + " means nothing to this job: it reads no events";
            }
        }
        return null;
    }
}
