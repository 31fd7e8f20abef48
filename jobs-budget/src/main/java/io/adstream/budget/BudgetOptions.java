package io.adstream.budget;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.OptionSet;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Options of the budget job alone. */
public final class BudgetOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Budget job", "Spend per campaign and local day, pause and resume.");

    public static final ConfigOption<Duration> ALLOWED_LATENESS =
            OPTIONS.duration("budget.allowed-lateness")
                    .between(Duration.ZERO, Duration.ofDays(7))
                    .describedAs(
                            "How late a click may be, in event time, and still count on its own day."
                                    + " Without it: dedup.horizon, which it may not be longer than.");

    public static final ConfigOption<Duration> CAMPAIGNS_INTERVAL =
            OPTIONS.duration("budget.campaigns-interval")
                    .defaultTo(Duration.ofSeconds(5))
                    .between(Duration.ofMillis(100), Duration.ofSeconds(10))
                    .describedAs(
                            "How often budget.campaigns is read; a change is seen that late at"
                                    + " most.");

    public static final ConfigOption<Duration> STATUS_INTERVAL =
            OPTIONS.duration("budget.status-interval")
                    .defaultTo(Duration.ofSeconds(10))
                    .between(Duration.ofSeconds(1), Duration.ofSeconds(30))
                    .describedAs(
                            "How often the status of each campaign is written to Redis, besides at"
                                    + " once when it changes. Ad servers take one that is older than"
                                    + " 60 s for a sign that budget control is down.");

    public static final ConfigOption<Duration> WRITE_INTERVAL =
            OPTIONS.duration("budget.write-interval")
                    .defaultTo(Duration.ofSeconds(10))
                    .between(Duration.ofSeconds(1), Duration.ofMinutes(10))
                    .describedAs(
                            "How often rows of daily_spend and spend_10min that have changed are"
                                    + " written to PostgreSQL.");

    public static final ConfigOption<Duration> SYNC_INTERVAL =
            OPTIONS.duration("budget.sync-interval")
                    .defaultTo(Duration.ofMinutes(10))
                    .between(Duration.ofSeconds(10), Duration.ofHours(1))
                    .describedAs(
                            "From one comparison of the counters in Redis with the deductions to"
                                    + " the next, by the wall clock.");

    public static final ConfigOption<Duration> SYNC_TOLERANCE =
            OPTIONS.duration("budget.sync-tolerance")
                    .defaultTo(Duration.ofSeconds(5))
                    .between(Duration.ofMillis(100), Duration.ofMinutes(1))
                    .describedAs(
                            "How far before and after the cut of a comparison a click may have been"
                                    + " added to its counter: the difference of the ad servers'"
                                    + " clocks and their delay. Drift that such clicks explain is"
                                    + " not corrected.");

    static {
        OPTIONS.rule(
                config ->
                        config.getOptional(ALLOWED_LATENESS)
                                                .orElse(Duration.ZERO)
                                                .compareTo(config.get(CommonOptions.DEDUP_HORIZON))
                                        > 0
                                ? "budget.allowed-lateness must not be longer than dedup.horizon: a"
                                        + " late duplicate would be paid for twice"
                                : null);
    }

    private BudgetOptions() {}
}
