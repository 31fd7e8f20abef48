package io.adstream.local.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Incidents that can be injected into the traffic. */
public enum Scenario {
    NONE("no incident", Duration.ZERO),
    CLICK_FLOOD(
            "150 clicks of one device, and 150 of other devices behind one IP, within 50 s",
            Duration.ofSeconds(50)),
    CTR_SPIKE("the CTR of one popular ad is 15 times its usual for 3 min", Duration.ofMinutes(3)),
    CVR_DROP("one popular ad loses 90 % of its conversions for 20 min", Duration.ofMinutes(20)),
    BUDGET_BURST(
            "one campaign gets 5 times the clicks at 10 times the price for 5 min",
            Duration.ofMinutes(5)),
    QUALITY_DROP(
            "one popular ad loses 95 % of its clicks for 60 min, and so its quality score",
            Duration.ofMinutes(60)),
    TRACKING_OUTAGE("no conversion of anyone arrives for 15 min", Duration.ofMinutes(15)),
    HOT_AD("one ad takes 90 % of the impressions, from the start to the end", null),
    KEY_EXPLOSION(
            "every second impression is of an ad never seen before, from the start to the end",
            null);

    private final String description;
    private final @Nullable Duration length;

    Scenario(String description, @Nullable Duration length) {
        this.description = description;
        this.length = length;
    }

    /** The name on the command line. */
    public String commandName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it does, for the help text. */
    public String description() {
        return description;
    }

    /** How long it lasts on the simulated clock; null is the whole run. */
    public @Nullable Duration length() {
        return length;
    }

    /**
     * The scenario of that name.
     *
     * @throws IllegalArgumentException where there is none, with the names that there are
     */
    public static Scenario named(String name) {
        List<String> names = new ArrayList<>();
        for (Scenario candidate : values()) {
            if (candidate.commandName().equals(name)) {
                return candidate;
            }
            names.add(candidate.commandName());
        }
        throw new IllegalArgumentException(
                "Unknown scenario '" + name + "'; allowed are " + String.join(", ", names) + ".");
    }
}
