package io.adstream.budget.sync;

import io.adstream.budget.account.EventClock;
import io.adstream.budget.row.BudgetNotice;
import io.adstream.budget.row.SyncAudit.Action;
import io.adstream.common.alert.Alert;
import io.adstream.common.money.Micros;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Compares the counters of a cut with the deductions when the stream has passed it, and corrects
 * what has drifted. One subtask sees all campaigns: a drift of many is no drift of theirs.
 *
 * <p>Samples and deductions wait as state, so that a restart between cut and judgement loses none.
 */
public final class JudgeCounters
        extends KeyedCoProcessFunction<Integer, CounterSample, Deduction, BudgetNotice> {

    private static final long serialVersionUID = 1L;

    private final long toleranceMillis;
    private final SyncTags tags;

    private transient MapState<String, CounterSample> samples;
    private transient MapState<String, Deduction> deductions;
    private transient MapState<Long, Boolean> sampledCuts;
    private transient DriftIncidents incidents;
    private transient volatile double accuracyPercent;
    private transient Counter checkedCounters;
    private transient Counter correctedCounters;
    private transient Counter seededCounters;
    private transient Counter suspendedCorrections;

    /**
     * @param toleranceMillis how far around the cut spend is on its way
     */
    public JudgeCounters(long toleranceMillis, SyncTags tags) {
        this.toleranceMillis = toleranceMillis;
        this.tags = tags;
    }

    @Override
    public void open(OpenContext context) {
        samples =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "samples",
                                        Types.STRING,
                                        TypeInformation.of(CounterSample.class)));
        deductions =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "deductions",
                                        Types.STRING,
                                        TypeInformation.of(Deduction.class)));
        sampledCuts =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "sampled-cuts", Types.LONG, Types.BOOLEAN));
        incidents = new DriftIncidents(getRuntimeContext());
        accuracyPercent = 100;
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        metrics.gauge("syncAccuracyPercent", () -> accuracyPercent);
        checkedCounters = metrics.counter("checkedCounters");
        correctedCounters = metrics.counter("correctedCounters");
        seededCounters = metrics.counter("seededCounters");
        suspendedCorrections = metrics.counter("suspendedCorrections");
    }

    @Override
    public void processElement1(CounterSample sample, Context context, Collector<BudgetNotice> out)
            throws Exception {
        if (!sampledCuts.contains(sample.cut())) {
            sampledCuts.put(sample.cut(), true);
            awaitCut(sample.cut(), context);
            context.timerService().registerProcessingTimeTimer(stalledAt(sample.cut()));
        }
        samples.put(name(sample.cut(), sample.key()), sample);
    }

    @Override
    public void processElement2(Deduction deduction, Context context, Collector<BudgetNotice> out)
            throws Exception {
        awaitCut(deduction.cut(), context);
        deductions.put(name(deduction.cut(), deduction.key()), deduction);
    }

    private static String name(long cut, String key) {
        return cut + "/" + key;
    }

    private void awaitCut(long cut, Context context) {
        context.timerService().registerEventTimeTimer(cut + toleranceMillis);
    }

    /** When a stream that has not passed a cut is too far behind. */
    private long stalledAt(long cut) {
        return cut + toleranceMillis + EventClock.LIVE_LAG.toMillis();
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<BudgetNotice> out)
            throws Exception {
        long now = context.timerService().currentProcessingTime();
        if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
            long cut = time - toleranceMillis - EventClock.LIVE_LAG.toMillis();
            if (sampledCuts.contains(cut)) {
                String why = "the stream is more than 2 min behind";
                report(incidents.suspended(cut, why, null, now), context);
            }
            return;
        }
        long cut = time - toleranceMillis;
        Comparison comparison = take(cut);
        if (!sampledCuts.contains(cut)) {
            return;
        }
        sampledCuts.remove(cut);
        context.timerService().deleteProcessingTimeTimer(stalledAt(cut));
        if (!comparison.checks().isEmpty()) {
            judge(cut, comparison, now, context, out);
        }
    }

    /** Takes what belongs to a cut out of the state. */
    private Comparison take(long cut) throws Exception {
        String prefix = name(cut, "");
        Comparison comparison = new Comparison();
        for (var entry = samples.iterator(); entry.hasNext(); ) {
            var sample = entry.next();
            if (sample.getKey().startsWith(prefix)) {
                Deduction deduction = deductions.get(sample.getKey());
                if (deduction != null) {
                    comparison.add(sample.getValue(), deduction);
                }
                entry.remove();
            }
        }
        for (var entry = deductions.iterator(); entry.hasNext(); ) {
            if (entry.next().getKey().startsWith(prefix)) {
                entry.remove();
            }
        }
        // What was emptied by an iterator stays an entry of the key.
        if (samples.isEmpty()) {
            samples.clear();
        }
        if (deductions.isEmpty()) {
            deductions.clear();
        }
        return comparison;
    }

    private void judge(
            long cut,
            Comparison comparison,
            long now,
            OnTimerContext context,
            Collector<BudgetNotice> out)
            throws Exception {
        boolean late = now > stalledAt(cut);
        boolean suspended = late || comparison.isSystemic();
        List<Action> actions = new ArrayList<>();
        for (Comparison.Check check : comparison.checks()) {
            actions.add(settle(check, check.action(suspended), now, context, out));
        }
        measure(actions);
        if (comparison.isSystemic()) {
            String why =
                    comparison.drifting()
                            + " of "
                            + comparison.campaigns()
                            + " campaigns drift at once";
            double share = 100.0 * comparison.drifting() / comparison.campaigns();
            report(incidents.suspended(cut, why, share, now), context);
        } else if (!late) {
            report(incidents.goesOn(now), context);
        }
    }

    private Action settle(
            Comparison.Check check,
            Action action,
            long now,
            OnTimerContext context,
            Collector<BudgetNotice> out)
            throws Exception {
        CounterCorrection correction = check.correction(action);
        if (correction != null) {
            context.output(tags.corrections(), correction);
        }
        context.output(tags.audits(), check.audit(action, correction, now));
        Drift drift = check.drift();
        if (drift == null || action == Action.SEEDED) {
            return action;
        }
        Deduction deduction = check.deduction();
        BudgetNotice.Check facts =
                new BudgetNotice.Check(
                        deduction.cut(),
                        check.sample().counter(),
                        drift.amount(),
                        correction == null ? null : correction.amount(),
                        action == Action.IN_FLIGHT
                                ? 100 * Micros.ONE
                                : Drift.accuracy(drift.amount(), deduction.deduction()));
        out.collect(
                notice(BudgetNotice.Type.SYNC_ACCURACY, deduction, deduction.seq(), facts, now));
        if (action == Action.CORRECTED) {
            out.collect(
                    notice(
                            BudgetNotice.Type.COUNTER_CORRECTED,
                            deduction,
                            deduction.seq() + 1,
                            facts,
                            now));
            report(incidents.drifted(deduction, drift, now), context);
        } else if (action != Action.SUSPENDED) {
            report(incidents.accurate(deduction, now), context);
        }
        return action;
    }

    private static BudgetNotice notice(
            BudgetNotice.Type type,
            Deduction deduction,
            long seq,
            BudgetNotice.Check facts,
            long now) {
        return new BudgetNotice(
                type,
                deduction.campaignId(),
                deduction.date(),
                deduction.dailyBudget(),
                deduction.deduction(),
                seq,
                now,
                null,
                null,
                facts);
    }

    private void measure(List<Action> actions) {
        long off = 0;
        for (Action action : actions) {
            checkedCounters.inc();
            switch (action) {
                case CORRECTED -> {
                    correctedCounters.inc();
                    off++;
                }
                case SUSPENDED -> {
                    suspendedCorrections.inc();
                    off++;
                }
                case SEEDED -> seededCounters.inc();
                default -> {}
            }
        }
        accuracyPercent = actions.isEmpty() ? 100 : 100.0 * (actions.size() - off) / actions.size();
    }

    private void report(@Nullable Alert alert, OnTimerContext context) {
        if (alert != null) {
            context.output(tags.alerts(), alert);
        }
    }
}
