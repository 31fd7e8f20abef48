package io.adstream.quality.hour;

import io.adstream.quality.input.AdWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gives the hour of each ad at every refresh, from its first window until it has been silent for
 * the retention. Refreshes are every five minutes of event time.
 *
 * <p>A row waits for the refresh that its timestamp belongs to: refreshes before it do not know it.
 * Where that refresh has passed, as for a partition that nobody waited for any more, it is the next
 * one; no refresh is ever made twice, also after a restart.
 */
public final class RollHours extends KeyedProcessFunction<String, AdWindow, AdHour>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    /** Before every refresh, with room to count from. */
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final int windows;
    private final long retentionMillis;

    private transient ValueState<HourView> views;
    private transient MapState<Long, List<AdWindow>> waiting;
    private transient ListState<Long> passedState;
    private transient long passed;
    private transient Counter belatedRows;
    private transient Counter silentAds;

    /**
     * @param windows how many windows of five minutes an hour has
     * @param retention how long after its newest window an ad is kept
     */
    public RollHours(int windows, Duration retention) {
        this.windows = windows;
        this.retentionMillis = retention.toMillis();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        passedState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("passed", Types.LONG));
        passed = NEVER;
        for (Long restored : passedState.get()) {
            passed = Math.max(passed, restored);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        passedState.update(List.of(passed));
    }

    @Override
    public void open(OpenContext context) {
        views =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "hour", TypeInformation.of(HourView.class)));
        waiting =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "waiting",
                                        Types.LONG,
                                        Types.LIST(TypeInformation.of(AdWindow.class))));
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        belatedRows = metrics.counter("belatedRows");
        silentAds = metrics.counter("silentAds");
    }

    @Override
    public void processElement(AdWindow row, Context context, Collector<AdHour> out)
            throws Exception {
        long refresh = refreshAfter(context.timestamp());
        long open = refreshAfter(Math.max(context.timerService().currentWatermark() + 1, passed));
        if (refresh < open) {
            belatedRows.inc();
            refresh = open;
        }
        List<AdWindow> rows = waiting.get(refresh);
        List<AdWindow> more = rows == null ? new ArrayList<>() : new ArrayList<>(rows);
        more.add(row);
        waiting.put(refresh, more);
        context.timerService().registerEventTimeTimer(refresh - 1);
    }

    /** The refresh that makes known what is known at a time: the first one after it. */
    private static long refreshAfter(long time) {
        return Math.floorDiv(time, AdWindow.MILLIS) * AdWindow.MILLIS + AdWindow.MILLIS;
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<AdHour> out) throws Exception {
        long refresh = time + 1;
        HourView view = views.value();
        List<AdWindow> rows = waiting.get(refresh);
        if (rows == null) {
            if (view == null || context.timerService().currentWatermark() == Long.MAX_VALUE) {
                // The end of a bounded input ends the windows that it had, but time stops there.
                return;
            }
        } else {
            waiting.remove(refresh);
        }
        passed = Math.max(passed, refresh);
        HourView next = view == null ? HourView.EMPTY : view;
        for (AdWindow row : rows == null ? List.<AdWindow>of() : rows) {
            next = next.with(row);
        }
        next = next.since(refresh - windows * AdWindow.MILLIS);
        boolean gone = refresh - next.newestEnd() >= retentionMillis;
        out.collect(next.hour(context.getCurrentKey(), refresh, gone));
        if (gone) {
            silentAds.inc();
            views.clear();
        } else {
            views.update(next);
            context.timerService().registerEventTimeTimer(time + AdWindow.MILLIS);
        }
    }
}
