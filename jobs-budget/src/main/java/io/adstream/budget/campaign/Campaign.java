package io.adstream.budget.campaign;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code budget.campaigns}.
 *
 * @param id the campaign
 * @param dailyBudget budget of a local day in micros; null is unlimited
 * @param timeZone name of the zone of the budget day
 * @param status {@code ACTIVE} or {@code PAUSED}; anything else is the platform's own and counts as
 *     paused by it
 * @param pauseCause who paused it, or null
 * @param pauseSeq the number that the job gave its latest pause of this row, 0 after it has resumed
 *     it: a row that is active and still bears the number was re-activated by hand
 * @param updatedAt epoch milliseconds
 */
public record Campaign(
        String id,
        @Nullable Long dailyBudget,
        String timeZone,
        String status,
        @Nullable String pauseCause,
        long pauseSeq,
        long updatedAt) {

    public static final String ACTIVE = "ACTIVE";
    public static final String PAUSED = "PAUSED";

    /** The cause of the job's own pauses. */
    public static final String BUDGET = "BUDGET";

    /** The zone; UTC where the name is none. */
    public ZoneId zone() {
        return zoneOf(timeZone);
    }

    /** The zone of a name; UTC where the name is none. */
    public static ZoneId zoneOf(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            return ZoneOffset.UTC;
        }
    }

    public boolean isActive() {
        return status.equals(ACTIVE);
    }

    /** Whether somebody else than this job has paused it. */
    public boolean isPausedByOthers() {
        return !isActive() && !isPausedByBudget();
    }

    /** Whether the row says that this job has paused it. */
    public boolean isPausedByBudget() {
        return status.equals(PAUSED) && BUDGET.equals(pauseCause);
    }
}
