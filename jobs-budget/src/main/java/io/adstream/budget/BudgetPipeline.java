package io.adstream.budget;

import io.adstream.budget.account.Click;
import io.adstream.budget.account.SpendSettings;
import io.adstream.budget.account.SpendTags;
import io.adstream.budget.account.TrackSpend;
import io.adstream.budget.campaign.ControlSignal;
import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.CampaignStatus;
import io.adstream.budget.row.DailySpend;
import io.adstream.budget.row.StatusCommand;
import io.adstream.budget.row.SyncAudit;
import io.adstream.budget.row.WindowSpend;
import io.adstream.budget.sync.CounterCorrection;
import io.adstream.budget.sync.CounterReader;
import io.adstream.budget.sync.CounterSample;
import io.adstream.budget.sync.JudgeCounters;
import io.adstream.budget.sync.SampleCounters;
import io.adstream.budget.sync.SyncTags;
import io.adstream.common.alert.Alert;
import io.adstream.common.dedup.Lateness;
import io.adstream.common.dedup.ValidEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The topology of the budget job.
 *
 * <pre>
 * events ─ admit-events ─┬─ rejected (counted here; the metrics job owns the dead letters)
 *          (clicks only) │ by id partition
 *                   deduplicate ─┬─ late, conflicts (counted)
 *                        │
 *                     clicks
 *                        │ by campaign
 *  control ═broadcast═ track-spend ─┬────────────────────────────────────────┬──► notices
 *  (campaigns, Redis)               ├─ thresholds ────────────────────────┬──┼──► alerts
 *                                   ├─────────────────────────────────────┼──┼──► statuses
 *                                   ├─────────────────────────────────────┼──┼──► commands
 *                                   ├─────────────────────────────────────┼──┼──► daily, windows
 *                                   ├─ requests ─ sample-counters ─┐      │  │
 *                                   └─ deductions ─── judge-counters (one) ┴──┘
 *                                                          └─────────────────────► corrections, audits
 * </pre>
 *
 * <p>Two lanes. The fast one judges each click: the campaign's account is on heap, so that a pause
 * is out before the next record is read. The slow one compares the counters that ad servers keep
 * with what clicks have cost. Both are of one cut: counters are sampled at the cut by the wall
 * clock, deductions are taken of the clicks with event time before it, and they are compared when
 * the watermark has passed it. Spend close to the cut, which clocks and delays may put on either
 * side, widens the deduction to a range.
 *
 * <p>Nothing that leaves here waits for another store: sinks write behind, with what is unsent in
 * their state.
 */
public final class BudgetPipeline {

    /** The job's short name. */
    public static final String JOB = "budget";

    private static final InputEventType EVENT =
            new InputEventType(
                    EventContract.AD_EVENTS.stringFields(), EventContract.AD_EVENTS.numberFields());

    private static final Duration SAMPLE_TIMEOUT = Duration.ofSeconds(15);
    private static final int SAMPLES_AT_A_TIME = 1000;

    private BudgetPipeline() {}

    /** How an event is carried between tasks. */
    public static TypeInformation<InputEvent> eventType() {
        return EVENT;
    }

    /**
     * What the job reads.
     *
     * @param events the records of topic {@code ad-events}, of which all but clicks are skipped,
     *     with watermarks
     * @param control campaigns and the identity of Redis, from one subtask
     * @param counters how the counters are read
     */
    public record Inputs(
            DataStream<InputEvent> events,
            DataStream<ControlSignal> control,
            CounterReader counters) {}

    /**
     * What the job makes.
     *
     * @param notices records of {@code budget-management}
     * @param alerts records of {@code alerts}
     * @param statuses whether campaigns may be served; all again after a restart
     * @param commands pauses and resumptions for {@code budget.campaigns}
     * @param daily rows of {@code budget.daily_spend}
     * @param windows rows of {@code budget.spend_10min}
     * @param corrections changes of counters
     * @param audits rows of {@code budget.sync_audit}
     */
    public record Outputs(
            DataStream<BudgetNotice> notices,
            DataStream<Alert> alerts,
            DataStream<CampaignStatus> statuses,
            DataStream<StatusCommand> commands,
            DataStream<DailySpend> daily,
            DataStream<WindowSpend> windows,
            DataStream<CounterCorrection> corrections,
            DataStream<SyncAudit> audits) {}

    public static Outputs build(Inputs inputs, BudgetConfig config) {
        SpendTags spend = SpendTags.create();
        SingleOutputStreamOperator<BudgetNotice> tracked =
                clicks(inputs.events(), config)
                        .keyBy(Click::campaignId, Types.STRING)
                        .connect(inputs.control().broadcast())
                        .transform(
                                "track-spend",
                                TypeInformation.of(BudgetNotice.class),
                                new TrackSpend(
                                        SpendSettings.of(
                                                config.allowedLateness(),
                                                config.syncInterval(),
                                                config.syncTolerance(),
                                                config.statusInterval(),
                                                config.writeInterval()),
                                        spend))
                        .uid("track-spend");

        long tolerance = config.syncTolerance().toMillis();
        SingleOutputStreamOperator<CounterSample> samples =
                AsyncDataStream.unorderedWait(
                                tracked.getSideOutput(spend.requests()),
                                new SampleCounters(inputs.counters(), tolerance),
                                SAMPLE_TIMEOUT.toMillis(),
                                TimeUnit.MILLISECONDS,
                                SAMPLES_AT_A_TIME)
                        .returns(CounterSample.class)
                        .uid("sample-counters")
                        .name("sample-counters");
        SyncTags sync = SyncTags.create();
        SingleOutputStreamOperator<BudgetNotice> judged =
                samples.keyBy(sample -> 0, Types.INT)
                        .connect(
                                tracked.getSideOutput(spend.deductions())
                                        .keyBy(deduction -> 0, Types.INT))
                        .process(
                                new JudgeCounters(tolerance, sync),
                                TypeInformation.of(BudgetNotice.class))
                        .uid("judge-counters")
                        .name("judge-counters")
                        .forceNonParallel();

        return new Outputs(
                tracked.union(judged),
                tracked.getSideOutput(spend.alerts()).union(judged.getSideOutput(sync.alerts())),
                tracked.getSideOutput(spend.statuses()),
                tracked.getSideOutput(spend.commands()),
                tracked.getSideOutput(spend.daily()),
                tracked.getSideOutput(spend.windows()),
                judged.getSideOutput(sync.corrections()),
                judged.getSideOutput(sync.audits()));
    }

    /** Valid clicks, each once. */
    private static DataStream<Click> clicks(DataStream<InputEvent> events, BudgetConfig config) {
        return ValidEvents.of(
                        events,
                        EVENT,
                        EventContract.AD_EVENTS,
                        config.dedupHorizon(),
                        Lateness.of(Duration.ofMillis(1), config.allowedLateness()))
                .map(Click::of, TypeInformation.of(Click.class))
                .uid("clicks")
                .name("clicks");
    }
}
