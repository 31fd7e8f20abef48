package io.adstream.anomaly.platform;

import io.adstream.anomaly.ad.AdMinute;
import io.adstream.anomaly.incident.Breach;
import io.adstream.anomaly.incident.Emit;
import io.adstream.anomaly.incident.Incident;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.incident.Text;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleBook;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.common.alert.Alert;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether conversions arrive at all, at the end of each minute. Tells {@code watch-ads} of
 * a silence before time goes on there. One key, one subtask.
 */
public final class WatchPlatform
        extends KeyedBroadcastProcessFunction<String, AdMinute, Signal, Step> {

    private static final long serialVersionUID = 1L;

    private static final long MINUTE = PlatformWatch.MINUTE;

    private final OutputTag<Signal> signals;
    private final OutputTag<Penalty> penalties;

    private transient ValueState<byte[]> state;
    private transient ValueState<Incident> outage;
    private transient @Nullable RuleBook book;

    /**
     * @param signals where silences are told of
     * @param penalties where penalties go
     */
    public WatchPlatform(OutputTag<Signal> signals, OutputTag<Penalty> penalties) {
        this.signals = signals;
        this.penalties = penalties;
    }

    @Override
    public void open(OpenContext context) {
        state =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "platform",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        outage =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "outage", TypeInformation.of(Incident.class)));
    }

    @Override
    public void processBroadcastElement(Signal signal, Context context, Collector<Step> out)
            throws Exception {
        Rule rule = signal.rule();
        if (rule != null && RuleStates.accept(context.getBroadcastState(RuleStates.RULES), rule)) {
            book = null;
        }
    }

    @Override
    public void processElement(AdMinute delta, ReadOnlyContext context, Collector<Step> out)
            throws Exception {
        byte[] stored = state.value();
        PlatformWatch platform = stored == null ? new PlatformWatch() : PlatformCodec.read(stored);
        platform.add(delta.minute(), delta.clicks(), delta.conversions());
        state.update(PlatformCodec.write(platform));
        context.timerService()
                .registerEventTimeTimer(
                        Math.max(delta.minute(), platform.judgedBefore) + MINUTE - 1);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Step> out) throws Exception {
        byte[] stored = state.value();
        if (stored == null) {
            return;
        }
        PlatformWatch platform = PlatformCodec.read(stored);
        long minute = time + 1 - MINUTE;
        if (minute >= platform.judgedBefore) {
            RuleBook known = book;
            if (known == null) {
                known = RuleStates.book(context.getBroadcastState(RuleStates.RULES));
                book = known;
            }
            Rule rule = known.global(RuleId.TRACKING_OUTAGE);
            judge(platform, minute, rule, context, new Emit(out, context, penalties));
            platform.judgedBefore = minute + MINUTE;
            platform.fold(minute, rule.number("half_life_minutes"));
        }
        state.update(PlatformCodec.write(platform));
        if (!platform.recent.isEmpty() || outage.value() != null) {
            context.timerService().registerEventTimeTimer(platform.judgedBefore + MINUTE - 1);
        }
    }

    private void judge(
            PlatformWatch platform, long minute, Rule rule, OnTimerContext context, Emit emit)
            throws Exception {
        long now = context.timerService().currentProcessingTime();
        Incident incident = outage.value();
        if (incident == null) {
            PlatformWatch.Silence silence = rule.judges() ? platform.silence(minute, rule) : null;
            if (silence != null) {
                platform.leaveOut(silence.since(), minute);
                outage.update(Incident.open(rule, breach(silence, minute), now, emit));
                context.output(signals, Signal.silentSince(silence.since()));
            }
            return;
        }
        platform.leaveOut(minute, minute);
        PlatformWatch.Counts counts = platform.at(minute);
        Incident next = incident;
        if (counts.conversions > 0) {
            next = incident.after(true);
        } else if (counts.clicks > 0) {
            next = incident.hot(rule, minute, 0, now, emit);
        }
        boolean overruled = incident.isOverruledBy(rule);
        boolean old = minute - Incident.minute(incident.since()) >= rule.minutes("adopt_minutes");
        if (!overruled && !old && next.calm() < rule.whole("calm_minutes")) {
            outage.update(next);
            return;
        }
        incident.resolve(
                (double) counts.conversions,
                overruled
                        ? "the rule is " + rule.state()
                        : old ? "it has become usual" : "conversions arrive again",
                minute + MINUTE,
                now,
                emit);
        if (old) {
            platform.usual.clear();
        }
        outage.clear();
        context.output(signals, Signal.heardFrom(minute + MINUTE));
    }

    private static Breach breach(PlatformWatch.Silence silence, long minute) {
        return new Breach(
                Alert.EntityType.PLATFORM,
                Alert.PLATFORM,
                null,
                null,
                minute,
                silence.since(),
                0,
                silence.expected(),
                0,
                "No conversion of anybody for %d min, with %d clicks; %s would be usual."
                        .formatted(
                                silence.minutes(),
                                silence.clicks(),
                                Text.number(silence.expected())),
                List.of(),
                null);
    }
}
