package io.adstream.anomaly.flood;

import io.adstream.anomaly.incident.Breach;
import io.adstream.anomaly.incident.Emit;
import io.adstream.anomaly.incident.Incident;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleBook;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.common.alert.Alert;
import java.io.IOException;
import java.time.Duration;
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
 * Watches the clicks of each device and IP for floods. A flood opens with the click that breaks the
 * limit, and is over after calm minutes, by event time.
 */
public final class WatchClicks extends KeyedBroadcastProcessFunction<String, Click, Signal, Step> {

    private static final long serialVersionUID = 1L;

    private final long latenessMillis;
    private final OutputTag<Penalty> penalties;

    private transient ValueState<byte[]> windows;
    private transient ValueState<Incident> incidents;
    private transient FloodCodec codec;
    private transient @Nullable RuleBook book;

    /**
     * @param lateness how late a click may be, in event time
     * @param penalties where penalties go
     */
    public WatchClicks(Duration lateness, OutputTag<Penalty> penalties) {
        this.latenessMillis = lateness.toMillis();
        this.penalties = penalties;
    }

    @Override
    public void open(OpenContext context) {
        windows =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "clicks",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        incidents =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "incident", TypeInformation.of(Incident.class)));
        codec = new FloodCodec();
    }

    @Override
    public void processBroadcastElement(Signal signal, Context context, Collector<Step> out)
            throws Exception {
        Rule rule = signal.rule();
        if (rule != null && RuleStates.accept(context.getBroadcastState(RuleStates.RULES), rule)) {
            book = null;
        }
    }

    private RuleBook book(ReadOnlyContext context) throws Exception {
        RuleBook known = book;
        if (known == null) {
            known = RuleStates.book(context.getBroadcastState(RuleStates.RULES));
            book = known;
        }
        return known;
    }

    @Override
    public void processElement(Click click, ReadOnlyContext context, Collector<Step> out)
            throws Exception {
        Rule rule =
                book(context).find(RuleId.CLICK_FLOOD, click.campaignId(), click.advertiserId());
        int limit = rule.whole("clicks");
        byte[] stored = windows.value();
        FloodWindow window = stored == null ? new FloodWindow() : FloodCodec.read(stored);
        if (incidents.value() != null) {
            window.addToFlood(click, limit, endOfMinute(context.timerService().currentWatermark()));
        } else {
            FloodWindow.Span span = window.add(click, limit, rule.whole("window_ms"));
            if (span != null && rule.judges()) {
                open(window, span, click, rule, context, out);
            }
        }
        store(window);
        if (incidents.value() == null) {
            context.timerService()
                    .registerEventTimeTimer(endOfMinute(click.time()) + forgottenAfter());
        }
    }

    /** End of the minute in which a time lies; before all time, where no time is known. */
    private static long endOfMinute(long time) {
        return time < 0 ? Long.MIN_VALUE : FloodWindow.minute(time) + FloodWindow.MINUTE;
    }

    /**
     * How long after its end a minute can still matter to a click that comes late; whole minutes.
     */
    private long forgottenAfter() {
        return FloodWindow.minute(latenessMillis + FloodWindow.MINUTE - 1) + FloodWindow.MINUTE;
    }

    private void open(
            FloodWindow window,
            FloodWindow.Span span,
            Click click,
            Rule rule,
            ReadOnlyContext context,
            Collector<Step> out)
            throws IOException {
        AdShare main = window.mainAd();
        int limit = rule.whole("clicks");
        Breach breach =
                new Breach(
                        click.entityType(),
                        click.entityId(),
                        main == null ? click.campaignId() : main.campaignId(),
                        main == null ? click.advertiserId() : main.advertiserId(),
                        span.last(),
                        span.first(),
                        limit + 1,
                        null,
                        limit,
                        "%d clicks of %s %s within %d ms."
                                .formatted(
                                        limit + 1,
                                        click.entityType() == Alert.EntityType.IP ? "IP" : "device",
                                        click.entityId(),
                                        span.last() - span.first()),
                        List.copyOf(window.samples),
                        main == null ? null : main.adId());
        long now = context.timerService().currentProcessingTime();
        incidents.update(Incident.open(rule, breach, now, new Emit(out, context, penalties)));
        window.forgetTimesBefore(endOfMinute(span.last()));
        context.timerService().registerEventTimeTimer(endOfMinute(span.last()));
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Step> out) throws Exception {
        byte[] stored = windows.value();
        FloodWindow window = stored == null ? new FloodWindow() : FloodCodec.read(stored);
        Incident incident = incidents.value();
        if (incident != null) {
            goOn(incident, window, time, context, out);
        }
        window.purgeBefore(time - forgottenAfter());
        store(window);
        if (incidents.value() == null && !window.isEmpty()) {
            context.timerService()
                    .registerEventTimeTimer(
                            (window.minutes.isEmpty()
                                            ? FloodWindow.minute(window.consumedBefore)
                                            : window.minutes.firstKey() + FloodWindow.MINUTE)
                                    + forgottenAfter());
        }
    }

    private void goOn(
            Incident incident,
            FloodWindow window,
            long time,
            OnTimerContext context,
            Collector<Step> out)
            throws Exception {
        Rule rule =
                book(context)
                        .find(RuleId.CLICK_FLOOD, incident.campaignId(), incident.advertiserId());
        Emit emit = new Emit(out, context, penalties);
        long now = context.timerService().currentProcessingTime();
        long minute = time - FloodWindow.MINUTE;
        int clicks = window.clicksIn(minute);
        boolean calm = clicks <= rule.whole("calm_clicks");
        Incident next = incident;
        if (minute > FloodWindow.minute(incident.since())) {
            next = calm ? incident.after(true) : incident.hot(rule, minute, clicks, now, emit);
        }
        boolean overruled = incident.isOverruledBy(rule);
        if (overruled || next.calm() >= rule.whole("calm_minutes")) {
            incident.resolve(
                    (double) clicks,
                    overruled
                            ? "the rule is " + rule.state()
                            : clicks + " clicks in the last minute",
                    time,
                    now,
                    emit);
            incidents.clear();
            window.consumeBefore(time);
            FloodWindow.Span again =
                    window.earliest(
                            time - 1,
                            Long.MAX_VALUE - FloodWindow.MINUTE,
                            rule.whole("clicks"),
                            rule.whole("window_ms"));
            if (again != null && rule.judges()) {
                reopen(incident, window, again, rule, context, out);
            }
            return;
        }
        window.forgetTimesBefore(time + FloodWindow.MINUTE);
        incidents.update(next);
        context.timerService().registerEventTimeTimer(time + FloodWindow.MINUTE);
    }

    /** Clicks that came before the end was known, and are after it, make the next flood. */
    private void reopen(
            Incident before,
            FloodWindow window,
            FloodWindow.Span span,
            Rule rule,
            OnTimerContext context,
            Collector<Step> out)
            throws IOException {
        Alert alert = before.opened();
        open(
                window,
                span,
                new Click(
                        alert.entityType(),
                        alert.entityId(),
                        span.last(),
                        "",
                        String.valueOf(before.campaignId()),
                        String.valueOf(before.advertiserId()),
                        ""),
                rule,
                context,
                out);
    }

    private void store(FloodWindow window) throws IOException {
        if (window.isEmpty()) {
            windows.clear();
        } else {
            windows.update(codec.write(window));
        }
    }
}
