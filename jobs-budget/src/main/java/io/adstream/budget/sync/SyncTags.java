package io.adstream.budget.sync;

import io.adstream.budget.row.SyncAudit;
import io.adstream.common.alert.Alert;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/**
 * The exits of {@link JudgeCounters} beside its notices.
 *
 * @param corrections changes of counters
 * @param audits every comparison
 * @param alerts about drift
 */
public record SyncTags(
        OutputTag<CounterCorrection> corrections,
        OutputTag<SyncAudit> audits,
        OutputTag<Alert> alerts)
        implements Serializable {

    public static SyncTags create() {
        return new SyncTags(
                new OutputTag<>("corrections", TypeInformation.of(CounterCorrection.class)),
                new OutputTag<>("audits", TypeInformation.of(SyncAudit.class)),
                new OutputTag<>("drift-alerts", TypeInformation.of(Alert.class)));
    }
}
