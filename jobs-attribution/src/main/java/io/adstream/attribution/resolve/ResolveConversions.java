package io.adstream.attribution.resolve;

import io.adstream.attribution.match.Match;
import io.adstream.attribution.result.Attribution;
import io.adstream.attribution.touch.Conversion;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes the one result of each conversion.
 *
 * <p>The conversion itself comes on one input, what was found for it on the other, in any order.
 * When the watermark of both has reached the conversion, everything that could be found is here. A
 * late conversion gets its result at once; its id is remembered for a while, so that a copy of it
 * gets none: deduplication remembers no late ids.
 */
public final class ResolveConversions
        extends KeyedCoProcessFunction<String, Conversion, Match, Attribution> {

    private static final long serialVersionUID = 1L;

    private final Duration halfLife;
    private final Duration horizon;

    private transient ValueState<Pending> pending;
    private transient ValueState<Long> lateUntil;
    private transient ResolveMetrics metrics;

    /**
     * @param halfLife of time decay
     * @param horizon how long the id of a late conversion is remembered, in event time
     */
    public ResolveConversions(Duration halfLife, Duration horizon) {
        this.halfLife = halfLife;
        this.horizon = horizon;
    }

    @Override
    public void open(OpenContext context) {
        pending =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "pending-conversion", TypeInformation.of(Pending.class)));
        lateUntil =
                getRuntimeContext()
                        .getState(new ValueStateDescriptor<>("late-conversion", Types.LONG));
        metrics = new ResolveMetrics(getRuntimeContext().getMetricGroup().addGroup("adstream"));
    }

    @Override
    public void processElement1(Conversion conversion, Context context, Collector<Attribution> out)
            throws Exception {
        if (conversion.late()) {
            resolveLate(conversion, context, out);
            return;
        }
        pending.update(known().with(conversion));
        context.timerService().registerEventTimeTimer(conversion.time());
    }

    private void resolveLate(Conversion conversion, Context context, Collector<Attribution> out)
            throws Exception {
        if (lateUntil.value() != null || pending.value() != null) {
            metrics.repeatedLate();
            return;
        }
        long watermark = context.timerService().currentWatermark();
        long until = Math.max(watermark, conversion.time()) + horizon.toMillis();
        lateUntil.update(until);
        context.timerService().registerEventTimeTimer(until);
        emit(
                Resolution.unattributed(conversion, Attribution.Reason.LATE),
                conversion,
                context,
                out);
    }

    @Override
    public void processElement2(Match match, Context context, Collector<Attribution> out)
            throws Exception {
        pending.update(known().with(match));
    }

    private Pending known() throws Exception {
        Pending known = pending.value();
        return known == null ? Pending.NONE : known;
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Attribution> out)
            throws Exception {
        Pending known = pending.value();
        if (known != null && known.conversion() != null && known.conversion().time() == time) {
            pending.clear();
            emit(
                    Resolution.of(known.conversion(), known.best(), halfLife),
                    known.conversion(),
                    context,
                    out);
        }
        Long until = lateUntil.value();
        if (until != null && until <= time) {
            lateUntil.clear();
        }
    }

    private void emit(
            Attribution result,
            Conversion conversion,
            Context context,
            Collector<Attribution> out) {
        long now = context.timerService().currentProcessingTime();
        metrics.resolved(result, now - conversion.arrival());
        out.collect(result);
    }
}
