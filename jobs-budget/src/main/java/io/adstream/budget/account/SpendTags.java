package io.adstream.budget.account;

import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.StatusCommand;
import io.adstream.budget.row.WindowSpend;
import io.adstream.budget.sync.Deduction;
import io.adstream.budget.sync.SampleRequest;
import io.adstream.common.alert.Alert;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/**
 * The exits of {@link TrackSpend} beside its notices.
 *
 * @param alerts about thresholds
 * @param statuses whether campaigns may be served
 * @param commands pauses and resumptions for the table of campaigns
 * @param daily deductions per date
 * @param windows deductions per ten minutes
 * @param requests counters to read now
 * @param deductions what the counters of a cut are compared with
 */
public record SpendTags(
        OutputTag<Alert> alerts,
        OutputTag<CampaignStatus> statuses,
        OutputTag<StatusCommand> commands,
        OutputTag<DailySpend> daily,
        OutputTag<WindowSpend> windows,
        OutputTag<SampleRequest> requests,
        OutputTag<Deduction> deductions)
        implements Serializable {

    public static SpendTags create() {
        return new SpendTags(
                new OutputTag<>("alerts", TypeInformation.of(Alert.class)),
                new OutputTag<>("statuses", TypeInformation.of(CampaignStatus.class)),
                new OutputTag<>("commands", TypeInformation.of(StatusCommand.class)),
                new OutputTag<>("daily", TypeInformation.of(DailySpend.class)),
                new OutputTag<>("windows", TypeInformation.of(WindowSpend.class)),
                new OutputTag<>("requests", TypeInformation.of(SampleRequest.class)),
                new OutputTag<>("deductions", TypeInformation.of(Deduction.class)));
    }
}
