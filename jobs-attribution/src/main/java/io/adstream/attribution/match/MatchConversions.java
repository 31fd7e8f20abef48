package io.adstream.attribution.match;

import io.adstream.attribution.Tier;
import io.adstream.attribution.touch.ConversionBytes;
import io.adstream.attribution.touch.KeyEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Finds, for the conversions of a session or a device, the clicks before them.
 *
 * <p>Clicks are kept as they come. A conversion waits until the watermark has reached it, so that
 * every click before it is here; then the clicks since the conversion before are given to
 * {@linkplain ClickToConversion CEP} as one run, and after them the conversion. So CEP is given
 * each click and conversion in the order of event time, clicks first at the same instant, and knows
 * only keys that have converted. What it matches becomes a path by {@link PathSelection}.
 *
 * <p>A timer per key clears what is left, when the newest click has left the window.
 */
public final class MatchConversions extends KeyedProcessFunction<String, KeyEvent, Match>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private final Tier tier;
    private final Duration window;
    private final boolean advertiserScope;
    private final PathLimits limits;

    private transient KeyedStateStore keyedState;
    private transient ListState<Long> openClicksState;
    private transient ListState<Long> openMatchesState;
    private transient ClickStore store;
    private transient ClickToConversion pattern;
    private transient MapState<Long, byte[]> waiting;
    private transient Counter truncatedPaths;

    /**
     * @param tier by which id the input is keyed
     * @param window how long before a conversion a click counts, both ends included
     * @param advertiserScope whether a conversion that names an advertiser counts the clicks of no
     *     other
     */
    public MatchConversions(
            Tier tier, Duration window, boolean advertiserScope, PathLimits limits) {
        this.tier = tier;
        this.window = window;
        this.advertiserScope = advertiserScope;
        this.limits = limits;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        keyedState = context.getKeyedStateStore();
        openClicksState =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("open-clicks-count", Types.LONG));
        openMatchesState =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("open-matches-count", Types.LONG));
    }

    private static long sum(ListState<Long> counts) throws Exception {
        long sum = 0;
        for (Long count : counts.get()) {
            sum += count;
        }
        return sum;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        truncatedPaths = metrics.counter("truncatedPaths");
        store =
                new ClickStore(
                        keyedState,
                        window.toMillis(),
                        limits.clicksPerKey(),
                        sum(openClicksState),
                        metrics.counter("cappedClicks"));
        pattern = new ClickToConversion(window, keyedState, sum(openMatchesState));
        metrics.gauge("openClicks", store::openClicks);
        metrics.gauge("openPartialMatches", pattern::openMatches);
        pattern.open(getRuntimeContext());
        waiting =
                keyedState.getMapState(
                        new MapStateDescriptor<>(
                                "waiting-conversions",
                                Types.LONG,
                                PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void processElement(KeyEvent event, Context context, Collector<Match> out)
            throws Exception {
        if (event.kind() == KeyEvent.Kind.CONVERSION) {
            byte[] others = waiting.get(event.time());
            waiting.put(event.time(), others == null ? event.body() : join(others, event.body()));
            if (others == null) {
                context.timerService().registerEventTimeTimer(event.time());
            }
            return;
        }
        OpenClicks before = store.read();
        OpenClicks clicks = before == null ? OpenClicks.NONE : before;
        if (before == null) {
            long timer = clearingTime(event.time());
            context.timerService().registerEventTimeTimer(timer);
            clicks = clicks.withTimer(timer);
        }
        OpenClicks more =
                store.add(clicks, event.body(), context.timerService().currentWatermark());
        if (more.count() == 0 && store.isCrowded(more)) {
            // Looked at again when the watermark is behind what is here, if no click comes first.
            context.timerService().registerEventTimeTimer(more.newest());
        }
        store.write(more);
    }

    private static byte[] join(byte[] left, byte[] right) {
        byte[] joined = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, joined, left.length, right.length);
        return joined;
    }

    /** When a click can no longer count: a conversion at this time is after the window. */
    private long clearingTime(long clickTime) {
        return clickTime + window.toMillis() + 1;
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Match> out) throws Exception {
        OpenClicks clicks = store.read();
        byte[] conversions = waiting.get(time);
        if (conversions != null) {
            waiting.remove(time);
            clicks = clicks == null ? null : match(conversions, clicks, time, out);
        }
        if (clicks == null) {
            return;
        }
        if (time == clicks.timer()) {
            clear(clicks, time, context);
        } else if (store.isCrowded(clicks)) {
            store.write(store.tidy(clicks, time));
        }
    }

    /** Matches the conversions at a time. */
    private OpenClicks match(byte[] conversions, OpenClicks clicks, long time, Collector<Match> out)
            throws Exception {
        OpenClicks left = clicks;
        ConversionBytes.Cursor conversion = new ConversionBytes.Cursor(conversions);
        while (conversion.advance()) {
            ClickRun run = null;
            if (time > left.runEnd()) {
                long newest = store.newestUntil(left, time);
                if (newest > left.runEnd()) {
                    run = ClickRun.of(left.runEnd(), newest);
                    left = left.withRunEnd(time);
                }
            }
            List<ClickRun> runs = pattern.conversion(run, time);
            if (!runs.isEmpty()) {
                emit(conversion, left, runs, time, out);
            }
        }
        if (left.runEnd() != clicks.runEnd()) {
            store.write(left);
        }
        return left;
    }

    private void emit(
            ConversionBytes.Cursor conversion,
            OpenClicks clicks,
            List<ClickRun> runs,
            long time,
            Collector<Match> out)
            throws Exception {
        long after = Long.MAX_VALUE;
        long until = Long.MIN_VALUE;
        for (ClickRun run : runs) {
            after = Math.min(after, run.after());
            until = Math.max(until, run.until());
        }
        // The newest click of each run lies in the window; the oldest of the first may not.
        long from = Math.max(time - window.toMillis(), after == Long.MIN_VALUE ? after : after + 1);
        ClickStore.Span candidates = store.between(clicks, from, until);
        PathSelection path =
                PathSelection.of(
                        candidates.clicks(),
                        candidates.evicted(),
                        advertiserScope ? conversion.advertiser() : new byte[0],
                        limits);
        if (path.touches().isEmpty()) {
            return;
        }
        if (path.truncated()) {
            truncatedPaths.inc();
        }
        out.collect(new Match(conversion.id(), tier, path.bytes(), path.truncated()));
    }

    /** Clears the key, or sets the timer anew where newer clicks came. */
    private void clear(OpenClicks clicks, long time, OnTimerContext context) throws Exception {
        pattern.advanceTime(time);
        long clearing = clearingTime(clicks.newest());
        if (clearing <= time) {
            store.clear(clicks);
            return;
        }
        context.timerService().registerEventTimeTimer(clearing);
        store.write(store.tidy(clicks, time).withTimer(clearing));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        openClicksState.update(List.of(store.openClicks()));
        openMatchesState.update(List.of(pattern.openMatches()));
    }

    @Override
    public void close() throws Exception {
        ClickToConversion opened = pattern;
        if (opened != null) {
            opened.close();
        }
    }
}
