package io.adstream.budget.account;

import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.WindowSpend;
import io.adstream.budget.sync.Deduction;
import io.adstream.common.money.Micros;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one campaign has spent: per local date, per window of ten minutes and, while the campaign is
 * not in the table, per minute, so that its spend can be moved to the right dates later.
 */
final class CampaignAccount {

    /** No date. */
    static final long NONE = Long.MIN_VALUE;

    private static final long MINUTE_MILLIS = 60_000;
    private static final long DAY_MILLIS = 86_400_000;

    /** A date is over everywhere so long after its end in UTC, whatever zone a campaign gets. */
    private static final long WEST_OF_UTC = Duration.ofHours(12).toMillis();

    /** How long spend of an unknown campaign can be moved to other dates. */
    private static final long UNKNOWN_FOR = Duration.ofDays(3).toMillis();

    final String campaignId;

    /** The row of the table; null while it has none. */
    @Nullable Campaign campaign;

    final TreeMap<Long, BudgetDay> days = new TreeMap<>();
    final TreeMap<Long, SpendWindow> windows = new TreeMap<>();

    /** Clicks and cost per minute, epoch minutes; of a campaign that was never in the table. */
    final TreeMap<Long, long[]> minutes = new TreeMap<>();

    final SpendRate rate = new SpendRate();

    /** Number of the latest record. */
    long seq;

    /** How often spend was moved to other dates. */
    int moves;

    /** The date for which the budget holds the campaign paused. */
    long pausedDate = NONE;

    /** The number of that pause. */
    long pauseSeq;

    /** CAMPAIGN_PAUSED was sent, and no CAMPAIGN_RESUMED since. */
    boolean outstanding;

    /** Whether keyed state has to be written; not part of it. */
    boolean changed;

    /** Since when the table says that the budget paused it while it did not; not state. */
    long unfoundedSince = NONE;

    final Set<Long> dirtyDays = new TreeSet<>();
    final Set<Long> dirtyWindows = new TreeSet<>();

    private @Nullable String zone;
    private BudgetCalendar calendar = new BudgetCalendar(ZoneOffset.UTC);

    CampaignAccount(String campaignId) {
        this.campaignId = campaignId;
    }

    /** The zone's name; null where the campaign was never in the table. */
    @Nullable String zone() {
        return zone;
    }

    /** Dates of clicks from now on are of this zone. */
    void useZone(String name, ZoneId rules) {
        zone = name;
        calendar = new BudgetCalendar(rules);
    }

    BudgetCalendar calendar() {
        return calendar;
    }

    /** Counts a click; gives the date that it counts on. */
    BudgetDay add(Click click, Map<Long, ?> cuts, long tolerance, long wall) {
        SpendWindow window =
                windows.computeIfAbsent(SpendWindow.startOf(click.time()), SpendWindow::new);
        window.add(click.cost());
        dirtyWindows.add(window.start);
        BudgetDay day = day(calendar.dayOf(click.time()));
        day.add(1, click.cost());
        dirtyDays.add(day.date);
        rate.add(click.time(), click.cost());
        if (zone == null) {
            addMinute(click);
        }
        for (Long cut : cuts.keySet()) {
            day.cuts
                    .computeIfAbsent(cut, time -> new BudgetDay.CutSpend())
                    .add(click.time() - cut, wall - cut, tolerance, click.cost());
        }
        return day;
    }

    private void addMinute(Click click) {
        long[] minute =
                minutes.computeIfAbsent(
                        Math.floorDiv(click.time(), MINUTE_MILLIS), time -> new long[2]);
        minute[0]++;
        minute[1] = Micros.addCapped(minute[1], click.cost());
    }

    BudgetDay day(long date) {
        return days.computeIfAbsent(date, BudgetDay::new);
    }

    /**
     * Moves what was counted under UTC to the dates of the zone that is now known. Dates that were
     * forgotten stay as they are in the table: nothing is moved to them.
     */
    void moveToZone(AccountOutput out, Moment moment) {
        if (minutes.isEmpty()) {
            return;
        }
        moves++;
        Map<Long, BudgetDay> before = new TreeMap<>(days);
        long first = days.firstKey();
        boolean othersForgotten =
                moment.knowsStream() && first * DAY_MILLIS + UNKNOWN_FOR <= moment.stream();
        long oldest = othersForgotten ? first : Long.MIN_VALUE;
        days.clear();
        dirtyDays.clear();
        minutes.forEach(
                (minute, sums) -> {
                    BudgetDay day = day(Math.max(oldest, calendar.dayOf(minute * MINUTE_MILLIS)));
                    day.add(sums[0], sums[1]);
                    dirtyDays.add(day.date);
                });
        minutes.clear();
        for (Long date : before.keySet()) {
            if (!days.containsKey(date)) {
                // At once: nothing else remembers it.
                out.daily(new DailySpend(campaignId, date, 0, 0, moves));
            }
        }
    }

    /** The newest date that is open: the one of the clock, or a later one that has clicks. */
    long currentDate(Moment moment) {
        if (!moment.knowsStream() && !days.isEmpty()) {
            return days.lastKey();
        }
        // All events up to a watermark have come: the next moment is the one that is open.
        long today = calendar.dayOf(moment.knowsStream() ? moment.stream() + 1 : moment.wall());
        return days.isEmpty() ? today : Math.max(today, days.lastKey());
    }

    /** Whether time has passed the end of a date. */
    boolean isOver(long date, Moment moment) {
        return moment.knowsStream() && moment.stream() >= calendar.endOf(date) - 1;
    }

    /** The dates of which a counter is compared at a cut: those that clicks can still count on. */
    List<Long> datesAt(long cut, long lateness) {
        long today = calendar.dayOf(cut);
        List<Long> dates = new ArrayList<>();
        if (calendar.endOf(today - 1) + lateness > cut) {
            dates.add(today - 1);
        }
        dates.add(today);
        return dates;
    }

    /** What the clicks of a date cost at a cut that the stream has passed. */
    Deduction deductionAt(SyncSchedule.Cut cut, long date, Campaign row) {
        BudgetDay day = days.get(date);
        BudgetDay.CutSpend around = day == null ? null : day.cuts.get(cut.time);
        long spent = day == null ? 0 : day.spent;
        long deduction = around == null ? spent : spent - around.after - around.later;
        seq += 2;
        return new Deduction(
                cut.time,
                cut.afterLoss,
                campaignId,
                date,
                deduction,
                around == null ? deduction : deduction - around.before,
                around == null ? deduction : deduction + around.after,
                row.dailyBudget(),
                seq - 1);
    }

    /** Forgets the spend around a cut. */
    void forgetCut(long cut) {
        for (BudgetDay day : days.values()) {
            day.cuts.remove(cut);
        }
    }

    /** Writes the rows that have changed. */
    void flush(AccountOutput out) {
        for (long date : dirtyDays) {
            BudgetDay day = days.get(date);
            if (day != null && day.clicks > 0) {
                out.daily(new DailySpend(campaignId, date, day.spent, day.clicks, moves));
            }
        }
        dirtyDays.clear();
        for (long start : dirtyWindows) {
            SpendWindow window = windows.get(start);
            if (window != null) {
                out.window(new WindowSpend(campaignId, start, window.clicks, window.cost));
            }
        }
        dirtyWindows.clear();
    }

    /** After a restart: the tables may have older rows than this. */
    void markAllDirty() {
        dirtyDays.addAll(days.keySet());
        dirtyWindows.addAll(windows.keySet());
    }

    /** Whether something can be forgotten at a watermark. */
    boolean hasExpired(long watermark, long lateness) {
        return (!windows.isEmpty() && windowIsOver(windows.firstKey(), watermark, lateness))
                || (!days.isEmpty() && dateIsOver(days.firstKey(), watermark, lateness));
    }

    /** Forgets what no click can count on any more. */
    void purge(long watermark, long lateness) {
        while (!windows.isEmpty() && windowIsOver(windows.firstKey(), watermark, lateness)) {
            windows.pollFirstEntry();
        }
        while (!days.isEmpty() && dateIsOver(days.firstKey(), watermark, lateness)) {
            long date = days.pollFirstEntry().getKey();
            minutes.headMap((date + 1) * DAY_MILLIS / MINUTE_MILLIS).clear();
        }
    }

    private static boolean windowIsOver(long start, long watermark, long lateness) {
        return watermark != EventClock.UNKNOWN
                && start + SpendWindow.MILLIS - 1 + lateness <= watermark;
    }

    private boolean dateIsOver(long date, long watermark, long lateness) {
        long longest = zone == null ? UNKNOWN_FOR : WEST_OF_UTC;
        return watermark != EventClock.UNKNOWN
                && date != pausedDate
                && (date + 1) * DAY_MILLIS + longest + lateness <= watermark;
    }

    /** Whether nothing is left that must be kept. */
    boolean isEmpty() {
        return campaign == null && days.isEmpty() && windows.isEmpty();
    }
}
