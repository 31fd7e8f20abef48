package io.adstream.budget.account;

import java.io.Serializable;
import java.time.Duration;

/**
 * How {@link TrackSpend} is set.
 *
 * @param latenessMillis how late a click may be
 * @param syncMillis from one comparison of the counters to the next
 * @param toleranceMillis how far around a cut spend is on its way
 * @param statusMillis how often a status is sent again
 * @param writeMillis how often rows are written
 */
public record SpendSettings(
        long latenessMillis,
        long syncMillis,
        long toleranceMillis,
        long statusMillis,
        long writeMillis)
        implements Serializable {

    public static SpendSettings of(
            Duration lateness, Duration sync, Duration tolerance, Duration status, Duration write) {
        return new SpendSettings(
                lateness.toMillis(),
                sync.toMillis(),
                tolerance.toMillis(),
                status.toMillis(),
                write.toMillis());
    }
}
