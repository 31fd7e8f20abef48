package io.adstream.anomaly.rule;

import org.jspecify.annotations.Nullable;

/**
 * What every subtask is told: a version of a rule, or that the platform's conversions fell silent
 * or are heard again.
 *
 * @param rule the version, or null
 * @param silentSince start of the first minute without conversions, epoch ms, or null
 * @param heardFrom end of the last minute of a silence that is over, epoch ms, or null
 */
public record Signal(@Nullable Rule rule, @Nullable Long silentSince, @Nullable Long heardFrom) {

    public static Signal of(Rule rule) {
        return new Signal(rule, null, null);
    }

    /** Conversions are missing everywhere, from that minute on. */
    public static Signal silentSince(long minute) {
        return new Signal(null, minute, null);
    }

    /** Conversions arrive again, from that time on. */
    public static Signal heardFrom(long time) {
        return new Signal(null, null, time);
    }
}
