package io.adstream.anomaly.rule;

import static io.adstream.anomaly.rule.Param.number;
import static io.adstream.anomaly.rule.Param.whole;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules that can be set by records of topic {@code control}, with their parameters. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum RuleId {
    CTR_SPIKE(
            "ctr-spike",
            number("ratio", 10, 1, 1000, "fires above so many times the usual CTR"),
            whole("min_impressions", 100, 1, 1_000_000, "impressions that a minute must have"),
            number(
                    "wilson_ratio",
                    3,
                    0,
                    1000,
                    "the lower end of the CTR's Wilson interval must be above so many times the"
                            + " usual CTR"),
            number("wilson_z", 1.96, 0, 10, "standard deviations of that interval"),
            number(
                    "max_chance",
                    2e-5,
                    0,
                    1,
                    "the most likely that the minute may be by chance; 1 switches this guard off"),
            whole(
                    "learning_impressions",
                    100,
                    1,
                    1_000_000_000,
                    "impressions behind the usual CTR without which there is no alert"),
            number(
                    "half_life_minutes",
                    360,
                    1,
                    100_000,
                    "after so many minutes a minute counts half in what is usual"),
            number("calm_ratio", 5, 0, 1000, "a minute is calm at so many times the usual CTR"),
            whole("calm_minutes", 3, 1, 1440, "calm minutes in a row that end an incident"),
            whole("quiet_minutes", 15, 1, 1440, "minutes without a breach that end one as well"),
            whole(
                    "adopt_minutes",
                    1440,
                    10,
                    100_000,
                    "an incident of so many minutes ends, and what is usual is learnt anew"),
            number("penalty_points", 2, 0, 10, "points off the ad's quality score; 0 for none"),
            whole("penalty_minutes", 60, 1, 100_000, "how long they are off")),

    CLICK_FLOOD(
            "click-flood",
            whole("clicks", 100, 1, 10_000, "fires at one click more than this"),
            whole("window_ms", 60_000, 1, 60_000, "last minus first click must be below this"),
            whole("calm_clicks", 50, 0, 10_000, "a minute with at most so many clicks is calm"),
            whole("calm_minutes", 2, 1, 1440, "calm minutes in a row that end an incident"),
            number(
                    "penalty_points",
                    1,
                    0,
                    10,
                    "points off the quality score of the ad that got most of the clicks; 0 for"
                            + " none"),
            whole("penalty_minutes", 60, 1, 100_000, "how long they are off")),

    CVR_DROP(
            "cvr-drop",
            number("ratio", 0.3, 0, 1, "fires at this part of the usual CVR or less"),
            whole("min_clicks", 50, 1, 1_000_000, "clicks that ten minutes must have"),
            number("max_chance", 0.001, 0, 1, "how likely ten minutes may be by chance"),
            number(
                    "confirm_chance",
                    5e-6,
                    0,
                    1,
                    "how likely the ten minutes, or the whole stretch since the drop began to hold,"
                            + " may be by chance; 1 switches this guard off"),
            number(
                    "max_surge",
                    1000,
                    1,
                    1000,
                    "clicks count up to so many times the usual ones; with 1 none of a surge"
                            + " does, whose conversions cannot have come yet"),
            whole(
                    "learning_clicks",
                    50,
                    1,
                    1_000_000_000,
                    "clicks behind the usual CVR without which there is no alert"),
            number(
                    "half_life_minutes",
                    360,
                    1,
                    100_000,
                    "after so many minutes a minute counts half in what is usual"),
            number("calm_ratio", 0.6, 0, 1, "ten minutes are calm at this part of the usual CVR"),
            whole("calm_minutes", 3, 1, 1440, "calm minutes in a row that end an incident"),
            whole("quiet_minutes", 30, 1, 1440, "minutes without a breach that end one as well"),
            whole(
                    "adopt_minutes",
                    1440,
                    10,
                    100_000,
                    "an incident of so many minutes ends, and what is usual is learnt anew")),

    TRACKING_OUTAGE(
            "tracking-outage",
            whole("min_minutes", 3, 1, 60, "whole minutes without any conversion"),
            whole("min_clicks", 50, 1, 1_000_000_000, "clicks that they must have"),
            number("max_chance", 1e-6, 0, 1, "how likely such a silence may be by chance"),
            whole(
                    "learning_conversions",
                    20,
                    1,
                    1_000_000_000,
                    "conversions behind the usual rate without which there is no alert"),
            number(
                    "half_life_minutes",
                    360,
                    1,
                    100_000,
                    "after so many minutes a minute counts half in what is usual"),
            whole("calm_minutes", 2, 1, 1440, "minutes with conversions in a row that end it"),
            whole("adopt_minutes", 1440, 10, 100_000, "an outage of so many minutes ends")),

    QUALITY_DROP(
            "quality-drop",
            number("drop", 2, 0.01, 9, "fires at a score so many points below its maximum"),
            whole("window_minutes", 60, 1, 1440, "of the last so many minutes"),
            number("calm_drop", 1, 0, 9, "ends below so many points under the maximum")),

    /** A rule of the budget job: only {@code muted_until} means something here. */
    BUDGET_THRESHOLD("budget-threshold"),

    /** A rule of the budget job: only {@code muted_until} means something here. */
    BUDGET_DRIFT("budget-drift");

    private final String id;
    private static final Map<String, RuleId> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RuleId::id, id -> id));

    private final List<Param> params;
    private final Map<String, Param> paramByName;

    RuleId(String id, Param... params) {
        this.id = id;
        this.params = List.of(params);
        paramByName =
                this.params.stream().collect(Collectors.toUnmodifiableMap(Param::name, p -> p));
    }

    /** The name in records and on the command line. */
    public String id() {
        return id;
    }

    /** What it can be set to. */
    public List<Param> params() {
        return params;
    }

    /** The parameter of that name, or null. */
    public @Nullable Param param(String name) {
        return paramByName.get(name);
    }

    /** Whether the anomaly job judges by it; the others are known here to be muted. */
    public boolean isJudgedHere() {
        return !params.isEmpty();
    }

    /** The rule of that name, or null. */
    public static @Nullable RuleId of(String id) {
        return BY_ID.get(id);
    }
}
