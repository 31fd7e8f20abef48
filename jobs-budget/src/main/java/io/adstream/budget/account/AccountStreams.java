package io.adstream.budget.account;

import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.StatusCommand;
import io.adstream.budget.row.WindowSpend;
import io.adstream.budget.sync.Deduction;
import io.adstream.budget.sync.SampleRequest;
import io.adstream.common.alert.Alert;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Sends decisions to the streams of the operator, and counts them. */
final class AccountStreams implements AccountOutput {

    private final Output<StreamRecord<BudgetNotice>> output;
    private final SpendTags tags;
    private final Counter paused;
    private final Counter resumed;
    private final Counter spentAfterPauseMicros;

    AccountStreams(Output<StreamRecord<BudgetNotice>> output, SpendTags tags, MetricGroup metrics) {
        this.output = output;
        this.tags = tags;
        this.paused = metrics.counter("pausedCampaigns");
        this.resumed = metrics.counter("resumedCampaigns");
        this.spentAfterPauseMicros = metrics.counter("spentAfterPauseMicros");
    }

    @Override
    public void notice(BudgetNotice notice) {
        switch (notice.type()) {
            case CAMPAIGN_PAUSED -> paused.inc();
            case CAMPAIGN_RESUMED -> resumed.inc();
            default -> {}
        }
        output.collect(new StreamRecord<>(notice));
    }

    @Override
    public void alert(Alert alert) {
        output.collect(tags.alerts(), new StreamRecord<>(alert));
    }

    @Override
    public void status(CampaignStatus status) {
        output.collect(tags.statuses(), new StreamRecord<>(status));
    }

    @Override
    public void command(StatusCommand command) {
        output.collect(tags.commands(), new StreamRecord<>(command));
    }

    @Override
    public void daily(DailySpend row) {
        output.collect(tags.daily(), new StreamRecord<>(row));
    }

    @Override
    public void window(WindowSpend row) {
        output.collect(tags.windows(), new StreamRecord<>(row));
    }

    @Override
    public void spentAfterPause(long cost) {
        spentAfterPauseMicros.inc(cost);
    }

    void request(SampleRequest request) {
        output.collect(tags.requests(), new StreamRecord<>(request));
    }

    void deduction(Deduction deduction) {
        output.collect(tags.deductions(), new StreamRecord<>(deduction));
    }
}
