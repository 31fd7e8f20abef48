package io.adstream.anomaly.ad;

import io.adstream.anomaly.ad.Verdict.Level;
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
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Judges each ad at the end of each minute: its CTR in the minute, its CVR in the last ten. While
 * the platform's conversions are silent, and until ten minutes have passed since, no CVR is judged.
 */
public final class WatchAds extends KeyedBroadcastProcessFunction<String, AdMinute, Signal, Step> {

    /** Since when the platform is silent, and until when CVRs are of no use. */
    public static final MapStateDescriptor<String, Long> SILENCE =
            new MapStateDescriptor<>("silence", Types.STRING, Types.LONG);

    private static final long serialVersionUID = 1L;

    private static final long MINUTE = AdWatch.MINUTE;
    private static final String SINCE = "since";
    private static final String FROM = "from";
    private static final String UNTIL = "until";

    private final long latenessMillis;
    private final long retentionMillis;
    private final OutputTag<Penalty> penalties;

    private transient ValueState<byte[]> ads;
    private transient ValueState<Incident> spikes;
    private transient ValueState<Incident> drops;
    private transient AdCodec codec;
    private transient @Nullable RuleBook book;

    /**
     * @param lateness how late an event may be, in event time
     * @param retention how long after its latest event an ad is remembered
     * @param penalties where penalties go
     */
    public WatchAds(Duration lateness, Duration retention, OutputTag<Penalty> penalties) {
        this.latenessMillis = lateness.toMillis();
        this.retentionMillis = retention.toMillis();
        this.penalties = penalties;
    }

    @Override
    public void open(OpenContext context) {
        ads =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "ad",
                                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        TypeInformation<Incident> incident = TypeInformation.of(Incident.class);
        spikes = getRuntimeContext().getState(new ValueStateDescriptor<>("spike", incident));
        drops = getRuntimeContext().getState(new ValueStateDescriptor<>("drop", incident));
        codec = new AdCodec();
    }

    @Override
    public void processBroadcastElement(Signal signal, Context context, Collector<Step> out)
            throws Exception {
        Rule rule = signal.rule();
        BroadcastState<String, Long> silence = context.getBroadcastState(SILENCE);
        if (rule != null) {
            if (RuleStates.accept(context.getBroadcastState(RuleStates.RULES), rule)) {
                book = null;
            }
        } else if (signal.silentSince() != null) {
            silence.put(SINCE, signal.silentSince());
        } else if (signal.heardFrom() != null) {
            Long since = silence.get(SINCE);
            silence.put(FROM, since == null ? signal.heardFrom() : since);
            silence.put(UNTIL, signal.heardFrom() + AdWatch.CVR_MINUTES * MINUTE);
            silence.remove(SINCE);
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
    public void processElement(AdMinute delta, ReadOnlyContext context, Collector<Step> out)
            throws Exception {
        byte[] stored = ads.value();
        AdWatch ad = stored == null ? new AdWatch() : AdCodec.read(stored);
        ad.add(delta);
        ads.update(codec.write(ad));
        context.timerService()
                .registerEventTimeTimer(Math.max(delta.minute(), ad.judgedBefore) + MINUTE - 1);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Step> out) throws Exception {
        byte[] stored = ads.value();
        if (stored == null) {
            return;
        }
        AdWatch ad = AdCodec.read(stored);
        long minute = time + 1 - MINUTE;
        if (minute >= ad.judgedBefore) {
            Moment moment =
                    new Moment(
                            minute,
                            context.timerService().currentProcessingTime(),
                            new Emit(out, context, penalties));
            judgeCtr(ad, moment, context);
            judgeCvr(ad, moment, context);
            ad.forgetClickIds(minute);
            ad.judgedBefore = minute + MINUTE;
            fold(ad, moment, context);
        }
        boolean busy = !ad.recent.isEmpty() || spikes.value() != null || drops.value() != null;
        if (!busy && minute - ad.newestEvent >= retentionMillis) {
            ads.clear();
            return;
        }
        ads.update(codec.write(ad));
        context.timerService()
                .registerEventTimeTimer(
                        busy
                                ? ad.judgedBefore + MINUTE - 1
                                : ad.newestEvent + retentionMillis + MINUTE - 1);
    }

    /** The minute that is judged, and where what comes of it goes. */
    private record Moment(long minute, long now, Emit emit) {}

    private void judgeCtr(AdWatch ad, Moment moment, OnTimerContext context) throws Exception {
        Rule rule = book(context).find(RuleId.CTR_SPIKE, ad.campaignId, ad.advertiserId);
        Incident incident = spikes.value();
        long minute = moment.minute;
        MinuteCounts counts = ad.at(minute);
        if (incident == null) {
            Verdict verdict =
                    rule.judges()
                            ? CtrSpike.judge(
                                    minute,
                                    counts,
                                    ad.usualCtr(minute, rule.number("half_life_minutes")),
                                    rule)
                            : Verdict.unknown(minute);
            incident = opened(verdict, rule, ad, context, minute, moment, true);
        } else {
            incident =
                    followed(
                            incident,
                            CtrSpike.follow(minute, counts, incident.opened().usual(), rule),
                            rule,
                            ad.ctr,
                            moment);
            ad.leaveOut(MinuteCounts.LEFT_OUT_OF_CTR, minute, minute);
        }
        if (incident != null) {
            ad.leaveOut(MinuteCounts.LEFT_OUT_OF_CTR, minute, minute);
        }
        spikes.update(incident);
    }

    private void judgeCvr(AdWatch ad, Moment moment, OnTimerContext context) throws Exception {
        Rule rule = book(context).find(RuleId.CVR_DROP, ad.campaignId, ad.advertiserId);
        Incident incident = drops.value();
        long minute = moment.minute;
        long first = AdWatch.firstOfTen(minute);
        Usual usual = ad.usualCvr(minute, rule.number("half_life_minutes"));
        boolean silent = isSilent(minute, ad, context.getBroadcastState(SILENCE));
        if (silent) {
            ad.suspicion.clear();
        }
        if (incident == null) {
            Verdict verdict =
                    silent || !rule.judges()
                            ? Verdict.unknown(first)
                            : CvrDrop.judge(minute, ad, usual, rule);
            incident = opened(verdict, rule, ad, context, minute, moment, false);
        } else {
            incident =
                    followed(
                            incident,
                            silent
                                    ? Verdict.unknown(first)
                                    : CvrDrop.follow(
                                            minute, ad, usual, incident.opened().usual(), rule),
                            rule,
                            ad.cvr,
                            moment);
            ad.leaveOut(MinuteCounts.LEFT_OUT_OF_CVR, minute, minute);
        }
        if (incident != null || ad.suspicion.held) {
            ad.leaveOut(MinuteCounts.LEFT_OUT_OF_CVR, first, minute);
        }
        if (incident != null) {
            ad.suspicion.clear();
        }
        drops.update(incident);
    }

    /** Whether conversions are missing everywhere; what they are missing of is not usual. */
    private static boolean isSilent(
            long minute, AdWatch ad, ReadOnlyBroadcastState<String, Long> silence)
            throws Exception {
        Long since = silence.get(SINCE);
        if (since != null && minute >= since) {
            ad.leaveOut(MinuteCounts.LEFT_OUT_OF_CVR, since, minute);
            return true;
        }
        Long from = silence.get(FROM);
        Long until = silence.get(UNTIL);
        if (from == null || until == null || minute < from || minute >= until) {
            return false;
        }
        ad.leaveOut(
                MinuteCounts.LEFT_OUT_OF_CVR,
                from,
                Math.min(minute, until - AdWatch.CVR_MINUTES * MINUTE));
        return true;
    }

    private @Nullable Incident opened(
            Verdict verdict,
            Rule rule,
            AdWatch ad,
            OnTimerContext context,
            long minute,
            Moment moment,
            boolean penalized) {
        Double observed = verdict.observed();
        Double threshold = verdict.threshold();
        if (verdict.level() != Level.HOT || observed == null || threshold == null) {
            return null;
        }
        String adId = context.getCurrentKey();
        return Incident.open(
                rule,
                new Breach(
                        Alert.EntityType.AD,
                        adId,
                        ad.campaignId,
                        ad.advertiserId,
                        minute,
                        verdict.windowStart(),
                        observed,
                        verdict.usual(),
                        threshold,
                        "Ad " + adId + ": " + verdict.message(),
                        ad.at(minute).clickIds.list(),
                        penalized ? adId : null),
                moment.now,
                moment.emit);
    }

    /** The incident after one more minute; null when it is over. */
    private static @Nullable Incident followed(
            Incident incident, Verdict verdict, Rule rule, Usual usual, Moment moment) {
        long minute = moment.minute;
        long time = minute + MINUTE;
        Double observed = verdict.observed();
        if (incident.isOverruledBy(rule)) {
            incident.resolve(
                    observed, "the rule is " + rule.state(), time, moment.now, moment.emit);
            return null;
        }
        if (minute - Incident.minute(incident.since()) >= rule.minutes("adopt_minutes")) {
            usual.clear();
            incident.resolve(observed, "it has become usual", time, moment.now, moment.emit);
            return null;
        }
        Incident next =
                verdict.level() == Level.HOT && observed != null
                        ? incident.hot(rule, minute, observed, moment.now, moment.emit)
                        : verdict.level() == Level.UNKNOWN
                                ? incident
                                : incident.after(verdict.level() == Level.CALM);
        if (next.calm() >= rule.whole("calm_minutes")) {
            incident.resolve(observed, verdict.message(), time, moment.now, moment.emit);
            return null;
        }
        if (minute - next.lastHot() >= rule.minutes("quiet_minutes")) {
            incident.resolve(
                    observed,
                    "no breach for " + rule.whole("quiet_minutes") + " min",
                    time,
                    moment.now,
                    moment.emit);
            return null;
        }
        return next;
    }

    /** Makes minutes that can no longer change part of what is usual. */
    private void fold(AdWatch ad, Moment moment, OnTimerContext context) throws Exception {
        Rule ctr = book(context).find(RuleId.CTR_SPIKE, ad.campaignId, ad.advertiserId);
        Rule cvr = book(context).find(RuleId.CVR_DROP, ad.campaignId, ad.advertiserId);
        long kept = Math.max((AdWatch.CVR_MINUTES - 1) * MINUTE, latenessMillis + MINUTE);
        long before = moment.minute - kept;
        for (Map.Entry<Long, MinuteCounts> oldest = ad.recent.firstEntry();
                oldest != null && oldest.getKey() < before;
                oldest = ad.recent.firstEntry()) {
            MinuteCounts counts = oldest.getValue();
            if (counts.has(MinuteCounts.AMENDED)
                    && !counts.has(MinuteCounts.LEFT_OUT_OF_CTR)
                    && spikes.value() == null
                    && ctr.judges()) {
                // Late events may have made a breach of a minute that was none at its end.
                long minute = oldest.getKey();
                Usual usual = ad.usualCtr(minute, ctr.number("half_life_minutes"));
                Incident late =
                        opened(
                                CtrSpike.judge(minute, counts, usual, ctr),
                                ctr,
                                ad,
                                context,
                                minute,
                                moment,
                                true);
                if (late != null) {
                    counts.flags |= MinuteCounts.LEFT_OUT_OF_CTR;
                    spikes.update(late);
                }
            }
            ad.foldOldest(before, ctr, cvr);
        }
    }
}
