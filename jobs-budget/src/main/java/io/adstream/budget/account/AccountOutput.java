package io.adstream.budget.account;

import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.StatusCommand;
import io.adstream.budget.row.WindowSpend;
import io.adstream.common.alert.Alert;

/** Where decisions about a campaign go. */
interface AccountOutput {

    void notice(BudgetNotice notice);

    void alert(Alert alert);

    void status(CampaignStatus status);

    void command(StatusCommand command);

    void daily(DailySpend row);

    void window(WindowSpend row);

    /** A click was counted on a date that had been paused, micros. */
    void spentAfterPause(long cost);
}
