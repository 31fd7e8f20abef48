package io.adstream.budget.account;

import static io.adstream.budget.account.CampaignAccount.NONE;

import io.adstream.budget.campaign.Campaign;
import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.BudgetNotice.Reason;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.StatusCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a campaign is paused and resumed, and which notices go out.
 *
 * <p>A campaign is paused when 95 % of the budget of its newest open date are spent. It is resumed
 * when time passes the end of that date, or when its budget is raised so that less than 90 % are
 * spent; in between it stays as it is, so that it does not flap. An older date that is still open
 * and crosses is told of, and pauses nobody: its money is spent on a day that is over elsewhere.
 * Somebody else's pause is never touched.
 */
final class BudgetControl {

    /** Percent of the budget at which a campaign is paused. */
    static final int PAUSE_AT = 95;

    /** Percent of the budget below which a raised budget resumes it. */
    static final int RESUME_BELOW = 90;

    /** How long the table may say that the budget paused a campaign for no known reason. */
    private static final long UNFOUNDED_FOR = Duration.ofMinutes(1).toMillis();

    private final AccountOutput out;
    private final BudgetAlerts alerts;

    BudgetControl(AccountOutput out) {
        this.out = out;
        this.alerts = new BudgetAlerts(out);
    }

    /** Counts a click and judges its date. */
    void click(
            CampaignAccount account,
            Click click,
            Map<Long, ?> cuts,
            long tolerance,
            Moment moment) {
        BudgetDay day = account.add(click, cuts, tolerance, moment.wall());
        if (account.pausedDate == day.date) {
            out.spentAfterPause(click.cost());
        }
        judge(account, day, moment, click.arrival());
    }

    /** Takes over a row of the table that is new or has changed. */
    void campaign(CampaignAccount account, Campaign row, Moment moment) {
        Campaign before = account.campaign;
        account.campaign = row;
        account.unfoundedSince = NONE;
        boolean wasUnknown = account.zone() == null;
        if (!row.timeZone().equals(account.zone())) {
            account.useZone(row.timeZone(), row.zone());
        }
        if (wasUnknown) {
            account.moveToZone(out, moment);
            for (BudgetDay day : account.days.values()) {
                day.closed = account.isOver(day.date, moment);
                judge(account, day, moment, 0);
            }
        } else if (before == null || !Objects.equals(before.dailyBudget(), row.dailyBudget())) {
            budgetChanged(account, moment);
            if (before == null) {
                holdAgain(account, moment);
            }
        }
        if (account.pausedDate != NONE) {
            compareWithTable(account, row, moment);
        }
        if (hasNoBudget(row)) {
            judge(account, account.day(account.currentDate(moment)), moment, 0);
        }
        status(account, moment, 0);
    }

    /** Forgets a row that is gone; what was spent stays. */
    void removed(CampaignAccount account) {
        account.campaign = null;
        account.pausedDate = NONE;
        account.outstanding = false;
    }

    private void budgetChanged(CampaignAccount account, Moment moment) {
        Long budget = budget(account);
        for (BudgetDay day : account.days.values()) {
            if (account.isOver(day.date, moment)) {
                continue;
            }
            if (day.crossed && isBelow(day.spent, budget)) {
                day.crossed = false;
                if (account.pausedDate == day.date) {
                    resume(account, day, Reason.BUDGET_RAISED, moment);
                } else if (account.outstanding && account.pausedDate == NONE) {
                    tellResumed(account, day, Reason.BUDGET_RAISED, moment);
                }
            }
            judge(account, day, moment, 0);
        }
    }

    /** The row was gone meanwhile; that its date has crossed is told already. */
    private void holdAgain(CampaignAccount account, Moment moment) {
        BudgetDay day = current(account, moment);
        if (account.pausedDate == NONE && day.crossed && !day.overridden) {
            hold(account, day, moment, 0);
        }
    }

    /** The campaign is paused by the budget: finds out what became of that in the table. */
    private void compareWithTable(CampaignAccount account, Campaign row, Moment moment) {
        if (row.isActive() && row.pauseSeq() == account.pauseSeq) {
            BudgetDay day = account.day(account.pausedDate);
            day.overridden = true;
            account.pausedDate = NONE;
            tellResumed(account, day, Reason.MANUAL, moment);
            alerts.overridden(account, day, Objects.requireNonNull(budget(account)), moment);
        } else if (row.isActive()) {
            // Our pause has not arrived, or found the row paused by somebody who has let it go.
            out.command(StatusCommand.pause(account.campaignId, account.pauseSeq));
        } else if (row.isPausedByBudget() && row.pauseSeq() > 0) {
            account.pauseSeq = row.pauseSeq();
        }
    }

    /** Ends dates that time has passed. */
    void advance(CampaignAccount account, Moment moment) {
        for (BudgetDay day : List.copyOf(account.days.values())) {
            if (day.closed || !account.isOver(day.date, moment)) {
                continue;
            }
            day.closed = true;
            alerts.ended(account, day, moment);
            if (account.pausedDate == day.date) {
                account.pausedDate = NONE;
                followDate(account, moment);
            } else if (day.crossed && account.outstanding && account.pausedDate == NONE) {
                tellResumed(account, current(account, moment), Reason.NEW_DAY, moment);
            }
        }
    }

    /** The date of a pause has ended: the next one decides. */
    private void followDate(CampaignAccount account, Moment moment) {
        BudgetDay day =
                hasNoBudget(account.campaign)
                        ? account.day(account.currentDate(moment))
                        : current(account, moment);
        judge(account, day, moment, 0);
        if (account.pausedDate != NONE) {
            return;
        }
        if (day.crossed && !day.overridden) {
            hold(account, day, moment, 0);
        } else {
            resume(account, day, Reason.NEW_DAY, moment);
        }
    }

    /** Sends the status again; ends a pause that the table alone knows of. */
    void refresh(CampaignAccount account, boolean live, Moment moment) {
        Campaign campaign = account.campaign;
        if (campaign == null) {
            return;
        }
        if (hasNoBudget(campaign)) {
            judge(account, account.day(account.currentDate(moment)), moment, 0);
        }
        if (live && campaign.isPausedByBudget() && account.pausedDate == NONE) {
            endUnfounded(account, moment);
        }
        status(account, moment, 0);
    }

    private void endUnfounded(CampaignAccount account, Moment moment) {
        if (account.unfoundedSince == NONE) {
            account.unfoundedSince = moment.wall();
        } else if (moment.wall() - account.unfoundedSince >= UNFOUNDED_FOR) {
            account.unfoundedSince = NONE;
            BudgetDay day = current(account, moment);
            if (isBelow(day.spent, budget(account)) || day.overridden) {
                resume(account, day, Reason.UNFOUNDED, moment);
            } else {
                day.crossed = true;
                hold(account, day, moment, 0);
            }
        }
    }

    /** Tells which thresholds a date has crossed, and pauses the campaign where it must be. */
    private void judge(CampaignAccount account, BudgetDay day, Moment moment, long arrival) {
        Long budget = budget(account);
        if (budget == null) {
            return;
        }
        if (day.spent > 0) {
            for (int i = 0; i < BudgetDay.THRESHOLDS.length; i++) {
                int threshold = BudgetDay.THRESHOLDS[i];
                if ((day.thresholds & 1 << i) == 0 && Share.reaches(day.spent, budget, threshold)) {
                    day.thresholds |= 1 << i;
                    tell(BudgetNotice.Type.BUDGET_THRESHOLD, account, day, threshold, null, moment);
                    alerts.crossed(account, day, budget, threshold, moment);
                }
            }
        }
        if (day.crossed
                || day.overridden
                || !Share.reaches(day.spent, budget, PAUSE_AT)
                || account.isOver(day.date, moment)) {
            return;
        }
        day.crossed = true;
        account.outstanding = true;
        tell(BudgetNotice.Type.CAMPAIGN_PAUSED, account, day, null, Reason.BUDGET_USED, moment);
        if (day.date == account.currentDate(moment)) {
            hold(account, day, moment, arrival);
        }
    }

    private void hold(CampaignAccount account, BudgetDay day, Moment moment, long arrival) {
        account.pausedDate = day.date;
        account.pauseSeq = Math.max(1, account.seq);
        status(account, moment, arrival);
        out.command(StatusCommand.pause(account.campaignId, account.pauseSeq));
    }

    private void resume(CampaignAccount account, BudgetDay day, Reason reason, Moment moment) {
        account.pausedDate = NONE;
        tellResumed(account, day, reason, moment);
        status(account, moment, 0);
        out.command(StatusCommand.resume(account.campaignId));
    }

    private void tellResumed(CampaignAccount account, BudgetDay day, Reason reason, Moment moment) {
        account.outstanding = false;
        Campaign campaign = account.campaign;
        if (campaign != null && !campaign.isPausedByOthers()) {
            tell(BudgetNotice.Type.CAMPAIGN_RESUMED, account, day, null, reason, moment);
        }
    }

    private void tell(
            BudgetNotice.Type type,
            CampaignAccount account,
            BudgetDay day,
            @Nullable Integer threshold,
            @Nullable Reason reason,
            Moment moment) {
        account.seq++;
        out.notice(
                new BudgetNotice(
                        type,
                        account.campaignId,
                        day.date,
                        budget(account),
                        day.spent,
                        account.seq,
                        moment.wall(),
                        threshold,
                        reason,
                        null));
    }

    private void status(CampaignAccount account, Moment moment, long arrival) {
        Campaign campaign = account.campaign;
        if (campaign == null) {
            return;
        }
        BudgetDay day = current(account, moment);
        boolean held = account.pausedDate != NONE;
        boolean others = campaign.isPausedByOthers();
        Long budget = campaign.dailyBudget();
        String cause = others ? campaign.pauseCause() : held ? Campaign.BUDGET : null;
        out.status(
                new CampaignStatus(
                        account.campaignId,
                        others || held ? Campaign.PAUSED : Campaign.ACTIVE,
                        cause,
                        day.date,
                        budget == null ? null : Share.percent(day.spent, budget),
                        budget == null ? null : Math.max(0, budget - day.spent),
                        account.rate.at(moment.knowsStream() ? moment.stream() : moment.wall()),
                        moment.wall(),
                        arrival));
    }

    /** The newest open date, without making it one that is kept. */
    private static BudgetDay current(CampaignAccount account, Moment moment) {
        long date = account.currentDate(moment);
        BudgetDay day = account.days.get(date);
        return day == null ? new BudgetDay(date) : day;
    }

    private static @Nullable Long budget(CampaignAccount account) {
        return account.campaign == null ? null : account.campaign.dailyBudget();
    }

    private static boolean hasNoBudget(@Nullable Campaign campaign) {
        return campaign != null && Long.valueOf(0).equals(campaign.dailyBudget());
    }

    private static boolean isBelow(long spent, @Nullable Long budget) {
        return budget == null || !Share.reaches(spent, budget, RESUME_BELOW);
    }
}
