package io.adstream.budget.account;

import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.StatusCommand;
import io.adstream.budget.row.WindowSpend;
import io.adstream.common.alert.Alert;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was decided, as short sentences. */
final class Decisions implements AccountOutput {

    final List<BudgetNotice> notices = new ArrayList<>();
    final List<Alert> alerts = new ArrayList<>();
    final List<StatusCommand> commands = new ArrayList<>();
    final List<DailySpend> daily = new ArrayList<>();
    final List<WindowSpend> windows = new ArrayList<>();
    @Nullable CampaignStatus status;
    long spentAfterPause;

    @Override
    public void notice(BudgetNotice notice) {
        notices.add(notice);
    }

    @Override
    public void alert(Alert alert) {
        alerts.add(alert);
    }

    @Override
    public void status(CampaignStatus newest) {
        status = newest;
    }

    @Override
    public void command(StatusCommand command) {
        commands.add(command);
    }

    @Override
    public void daily(DailySpend row) {
        daily.add(row);
    }

    @Override
    public void window(WindowSpend row) {
        windows.add(row);
    }

    @Override
    public void spentAfterPause(long cost) {
        spentAfterPause += cost;
    }

    /** Pauses and resumptions since the latest call, as {@code PAUSED 2026-11-20}. */
    List<String> pauses() {
        List<String> pauses = new ArrayList<>();
        for (BudgetNotice notice : notices) {
            if (notice.type() != BudgetNotice.Type.BUDGET_THRESHOLD) {
                pauses.add(
                        notice.type().name().replace("CAMPAIGN_", "")
                                + " "
                                + LocalDate.ofEpochDay(notice.budgetDate()));
            }
        }
        notices.removeIf(notice -> notice.type() != BudgetNotice.Type.BUDGET_THRESHOLD);
        return pauses;
    }

    /** Thresholds since the latest call, as {@code 50 2026-11-20}. */
    List<String> thresholds() {
        List<String> thresholds = new ArrayList<>();
        for (BudgetNotice notice : notices) {
            if (notice.type() == BudgetNotice.Type.BUDGET_THRESHOLD) {
                thresholds.add(
                        notice.threshold() + " " + LocalDate.ofEpochDay(notice.budgetDate()));
            }
        }
        notices.removeIf(notice -> notice.type() == BudgetNotice.Type.BUDGET_THRESHOLD);
        return thresholds;
    }

    /** Alerts since the latest call, as {@code OPEN budget-threshold}. */
    List<String> alertSteps() {
        List<String> steps =
                alerts.stream().map(alert -> alert.status() + " " + alert.ruleId()).toList();
        alerts.clear();
        return steps;
    }

    /** Changes of the table since the latest call, as {@code PAUSED}. */
    List<String> tableChanges() {
        List<String> changes = commands.stream().map(StatusCommand::status).toList();
        commands.clear();
        return changes;
    }
}
