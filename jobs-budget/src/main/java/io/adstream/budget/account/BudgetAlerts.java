package io.adstream.budget.account;

import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import io.adstream.common.money.Micros;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alerts about the budget of a campaign. A threshold is an incident of its campaign and date: open
 * from its crossing to the end of the date.
 */
final class BudgetAlerts {

    static final String THRESHOLD_RULE = "budget-threshold";
    static final String OVERRIDE_RULE = "budget-override";

    private static final int RULE_VERSION = 1;
    private static final int WARNING_FROM = 80;
    private static final int CRITICAL_FROM = 95;

    private final AccountOutput out;

    BudgetAlerts(AccountOutput out) {
        this.out = out;
    }

    /** A threshold was crossed. */
    void crossed(
            CampaignAccount account, BudgetDay day, long budget, int threshold, Moment moment) {
        String message =
                "%s has spent %s of its budget of %s for %s, %s %%"
                        .formatted(
                                account.campaignId,
                                Micros.format(day.spent),
                                Micros.format(budget),
                                LocalDate.ofEpochDay(day.date),
                                Micros.format(Share.percent(day.spent, budget)));
        Alert open =
                threshold(
                        account,
                        day,
                        threshold,
                        Alert.Status.OPEN,
                        percent(day, budget),
                        message,
                        moment);
        out.alert(open);
        if (account.isOver(day.date, moment)) {
            out.alert(ended(open, moment));
        }
    }

    /** A date is over: what was open about it is resolved. */
    void ended(CampaignAccount account, BudgetDay day, Moment moment) {
        for (int i = 0; i < BudgetDay.THRESHOLDS.length; i++) {
            if ((day.thresholds & 1 << i) != 0) {
                out.alert(
                        ended(
                                threshold(
                                        account,
                                        day,
                                        BudgetDay.THRESHOLDS[i],
                                        Alert.Status.RESOLVED,
                                        null,
                                        "",
                                        moment),
                                moment));
            }
        }
        if (day.overridden) {
            out.alert(ended(override(account, day, null, "", moment), moment));
        }
    }

    /** Somebody has re-activated a campaign whose budget is used. */
    void overridden(CampaignAccount account, BudgetDay day, long budget, Moment moment) {
        String message =
                "%s was re-activated by hand with %s of %s spent; it is not paused again on %s"
                        .formatted(
                                account.campaignId,
                                Micros.format(day.spent),
                                Micros.format(budget),
                                LocalDate.ofEpochDay(day.date));
        out.alert(override(account, day, percent(day, budget), message, moment));
    }

    private static Alert ended(Alert open, Moment moment) {
        return open.step(
                Alert.Status.RESOLVED,
                open.observed(),
                "The day of " + open.entityId() + " is over",
                moment.wall());
    }

    private static Alert threshold(
            CampaignAccount account,
            BudgetDay day,
            int threshold,
            Alert.Status status,
            @Nullable Double observed,
            String message,
            Moment moment) {
        Alert.Severity severity =
                threshold >= CRITICAL_FROM
                        ? Alert.Severity.CRITICAL
                        : threshold >= WARNING_FROM ? Alert.Severity.WARNING : Alert.Severity.INFO;
        return alert(
                THRESHOLD_RULE,
                account,
                day,
                threshold,
                severity,
                status,
                observed,
                message,
                moment);
    }

    private static Alert override(
            CampaignAccount account,
            BudgetDay day,
            @Nullable Double observed,
            String message,
            Moment moment) {
        return alert(
                OVERRIDE_RULE,
                account,
                day,
                BudgetControl.PAUSE_AT,
                Alert.Severity.WARNING,
                Alert.Status.OPEN,
                observed,
                message,
                moment);
    }

    private static Alert alert(
            String rule,
            CampaignAccount account,
            BudgetDay day,
            int threshold,
            Alert.Severity severity,
            Alert.Status status,
            @Nullable Double observed,
            String message,
            Moment moment) {
        return new Alert(
                AlertIds.of(
                        rule,
                        Alert.EntityType.CAMPAIGN,
                        account.campaignId,
                        LocalDate.ofEpochDay(day.date) + "@" + threshold),
                rule,
                RULE_VERSION,
                severity,
                status,
                Alert.EntityType.CAMPAIGN,
                account.campaignId,
                account.calendar().startOf(day.date),
                observed,
                null,
                (double) threshold,
                message,
                List.of(),
                moment.wall());
    }

    private static double percent(BudgetDay day, long budget) {
        return Share.percent(day.spent, budget) / (double) Micros.ONE;
    }
}
