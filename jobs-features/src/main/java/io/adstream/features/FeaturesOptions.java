package io.adstream.features;

import io.adstream.common.config.CommonOptions;
import io.adstream.common.config.OptionSet;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Options of the features job alone. */
public final class FeaturesOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Features job", "What is known of users, and whom to address again.");

    public static final ConfigOption<Duration> ALLOWED_LATENESS =
            OPTIONS.duration("features.allowed-lateness")
                    .defaultTo(Duration.ofMinutes(5))
                    .between(Duration.ZERO, Duration.ofDays(1))
                    .describedAs(
                            "How long after its end an hour or a session can be amended, in event"
                                    + " time. An event counts in the hours that still can; one that"
                                    + " comes later than its last hour can be amended is LATE and"
                                    + " counts nowhere. At most dedup.horizon.");

    public static final ConfigOption<Boolean> AD_EVENTS =
            OPTIONS.bool("features.ad-events")
                    .defaultTo(true)
                    .describedAs(
                            "Whether ad-events are read beside commerce-events. Without them there"
                                    + " are no sessions with ads, and interest comes from the shop"
                                    + " alone.");

    public static final ConfigOption<Duration> HALF_LIFE =
            OPTIONS.duration("features.half-life")
                    .defaultTo(Duration.ofHours(24))
                    .between(Duration.ofMinutes(1), Duration.ofDays(365))
                    .describedAs("After how long interest is half of what it was.");

    public static final ConfigOption<Duration> PROFILE_TTL =
            OPTIONS.duration("features.profile-ttl")
                    .defaultTo(Duration.ofDays(30))
                    .between(Duration.ofHours(1), Duration.ofDays(365))
                    .describedAs(
                            "How long after a user's newest event the profile is kept, in state and"
                                    + " in Redis. State grows with it.");

    public static final ConfigOption<Duration> PROFILE_INTERVAL =
            OPTIONS.duration("features.profile-interval")
                    .defaultTo(Duration.ofSeconds(1))
                    .between(Duration.ofMillis(100), Duration.ofMinutes(1))
                    .describedAs(
                            "The shortest time between two writes of a user's profile to Redis."
                                    + " While the job works off a backlog a profile is written with"
                                    + " a checkpoint, or sooner.");

    public static final ConfigOption<Integer> MAX_CATEGORIES =
            OPTIONS.integer("features.max-categories")
                    .defaultTo(100)
                    .between(1, 1_000)
                    .describedAs(
                            "So many categories of a user are kept, those with the greatest"
                                    + " interest.");

    public static final ConfigOption<Integer> TOP_CATEGORIES =
            OPTIONS.integer("features.top-categories")
                    .defaultTo(5)
                    .between(1, 100)
                    .describedAs("So many categories are named as a user's top ones.");

    public static final ConfigOption<Duration> CART_TIMEOUT =
            OPTIONS.duration("features.cart-timeout")
                    .defaultTo(Duration.ofMinutes(30))
                    .between(Duration.ofMinutes(1), Duration.ofDays(1))
                    .describedAs(
                            "A cart after which nothing is bought for this long is abandoned:"
                                    + " signal CART_ABANDONED.");

    public static final ConfigOption<Integer> REPEATED_VIEWS =
            OPTIONS.integer("features.repeated-views")
                    .defaultTo(3)
                    .between(2, 100)
                    .describedAs(
                            "So many views of one product within features.repeated-view-span, and"
                                    + " no purchase: signal REPEATED_VIEW.");

    public static final ConfigOption<Duration> REPEATED_VIEW_SPAN =
            OPTIONS.duration("features.repeated-view-span")
                    .defaultTo(Duration.ofHours(1))
                    .between(Duration.ofMinutes(1), Duration.ofDays(1))
                    .describedAs("From the first of repeated views to the last, at most.");

    public static final ConfigOption<Duration> SIGNAL_TTL =
            OPTIONS.duration("features.signal-ttl")
                    .defaultTo(Duration.ofHours(24))
                    .between(Duration.ofMinutes(1), Duration.ofDays(7))
                    .describedAs("How long a signal is in force, unless a purchase cancels it.");

    public static final ConfigOption<Integer> MAX_PRODUCTS =
            OPTIONS.integer("features.max-products")
                    .defaultTo(200)
                    .between(1, 10_000)
                    .describedAs(
                            "So many products of a user are remembered for repeated views, those"
                                    + " seen last.");

    public static final ConfigOption<Integer> MAX_SIGNALS =
            OPTIONS.integer("features.max-signals")
                    .defaultTo(20)
                    .between(1, 1_000)
                    .describedAs(
                            "So many signals of a user are in force at a time; further ones do not"
                                    + " begin and are counted.");

    public static final ConfigOption<Integer> USERS_ON_HEAP =
            OPTIONS.integer("features.users-on-heap")
                    .defaultTo(20_000)
                    .between(100, 10_000_000)
                    .describedAs(
                            "So many users of each subtask are kept as objects, about 1 to 2 KB"
                                    + " each, so that state is read and written once for what a"
                                    + " user does in a row. All others are in state alone.");

    static {
        OPTIONS.rule(
                config ->
                        config.get(ALLOWED_LATENESS)
                                                .compareTo(config.get(CommonOptions.DEDUP_HORIZON))
                                        > 0
                                ? "features.allowed-lateness must not be longer than dedup.horizon:"
                                        + " a late duplicate would count twice"
                                : null);
    }

    private FeaturesOptions() {}
}
