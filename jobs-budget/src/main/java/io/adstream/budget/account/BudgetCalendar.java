package io.adstream.budget.account;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * The days of a zone. A day is a local date, whether it has 23, 24 or 25 hours; days are counted
 * from 1970-01-01.
 *
 * <p>Remembers the stretch of time that it was asked about last: not safe for threads.
 */
public final class BudgetCalendar {

    private static final long DAY_MILLIS = 86_400_000L;

    private final ZoneId zone;
    private final ZoneRules rules;

    private long from;
    private long to;
    private long day;

    public BudgetCalendar(ZoneId zone) {
        this.zone = zone;
        this.rules = zone.getRules();
    }

    public ZoneId zone() {
        return zone;
    }

    /** The day of an instant, epoch milliseconds. */
    public long dayOf(long time) {
        if (time < from || time >= to) {
            find(time);
        }
        return day;
    }

    /** When a day begins, epoch milliseconds. A day whose midnight does not exist begins later. */
    public long startOf(long epochDay) {
        return LocalDate.ofEpochDay(epochDay).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    /**
     * When the last of a day is over, epoch milliseconds, exclusive. Where clocks go back over
     * midnight the day has a second part, which this is the end of.
     */
    public long endOf(long epochDay) {
        return LocalDate.ofEpochDay(epochDay + 1)
                .atStartOfDay(zone)
                .withLaterOffsetAtOverlap()
                .toInstant()
                .toEpochMilli();
    }

    private void find(long time) {
        Instant instant = Instant.ofEpochMilli(time);
        ZonedDateTime local = instant.atZone(zone);
        day = local.toLocalDate().toEpochDay();
        // No transition and no midnight lies within: the date is one and the same.
        long offset = local.getOffset().getTotalSeconds() * 1000L;
        from = day * DAY_MILLIS - offset;
        to = from + DAY_MILLIS;
        ZoneOffsetTransition before = rules.previousTransition(instant.plusMillis(1));
        ZoneOffsetTransition after = rules.nextTransition(instant);
        if (before != null) {
            from = Math.max(from, before.getInstant().toEpochMilli());
        }
        if (after != null) {
            to = Math.min(to, after.getInstant().toEpochMilli());
        }
    }
}
