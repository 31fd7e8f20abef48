package io.adstream.quality.score;

import io.adstream.quality.pool.PooledHour;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the score of each ad: a refresh smooths it, a penalty takes points off at once, until the
 * first refresh at or after its expiry. Penalties never reach the base score, so that nothing that
 * watches it sees them.
 *
 * <p>An hour waits until time has reached its refresh: those of an ad that moves come from the
 * subtasks of both categories, and a later one may be here first.
 *
 * <p>Penalties have no part in time: event time is that of the refreshes.
 */
public final class ScoreAds extends KeyedCoProcessFunction<String, PooledHour, Penalty, Scored> {

    private static final long serialVersionUID = 1L;

    private final ScoreFormula formula;
    private final OutputTag<Penalized> penalized;
    private final OutputTag<Departure> departures;

    private transient ValueState<AdScore> scores;
    private transient MapState<Long, PooledHour> hours;
    private transient Counter receivedPenalties;
    private transient Counter heldPenalties;
    private transient Counter expiredPenalties;

    /**
     * @param penalized where scores go that a penalty has changed
     * @param departures where ads go that were silent for long
     */
    public ScoreAds(
            ScoreFormula formula, OutputTag<Penalized> penalized, OutputTag<Departure> departures) {
        this.formula = formula;
        this.penalized = penalized;
        this.departures = departures;
    }

    @Override
    public void open(OpenContext context) {
        scores =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "score", TypeInformation.of(AdScore.class)));
        hours =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "hours", Types.LONG, TypeInformation.of(PooledHour.class)));
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        receivedPenalties = metrics.counter("receivedPenalties");
        heldPenalties = metrics.counter("heldPenalties");
        expiredPenalties = metrics.counter("expiredPenalties");
    }

    private AdScore known() throws Exception {
        AdScore known = scores.value();
        return known == null ? AdScore.UNKNOWN : known;
    }

    @Override
    public void processElement1(PooledHour pooled, Context context, Collector<Scored> out)
            throws Exception {
        long refresh = pooled.hour().at();
        hours.put(refresh, pooled);
        context.timerService().registerEventTimeTimer(refresh - 1);
    }

    @Override
    public void processElement2(Penalty penalty, Context context, Collector<Scored> out)
            throws Exception {
        receivedPenalties.inc();
        AdScore known = known();
        Refresh refresh = known.refresh();
        long now = now(refresh, context.timerService().currentWatermark());
        AdScore current = known.at(now).without(penalty.alertId());
        if (penalty.expiresAt() > now) {
            current = current.with(penalty);
        } else {
            expiredPenalties.inc();
            if (current.penalties().size() == known.penalties().size()) {
                return;
            }
        }
        if (refresh == null) {
            // It counts from the ad's first refresh.
            heldPenalties.inc();
            keep(current);
            context.timerService().registerEventTimeTimer(penalty.expiresAt());
            return;
        }
        AdScore next = current.scored(refresh, formula.served(refresh, current.penalty()), true);
        scores.update(next);
        context.output(
                penalized,
                new Penalized(known.score(), publication(context.getCurrentKey(), refresh, next)));
    }

    /** Where the stream is; a restored job knows it again with the first rows that it reads. */
    private static long now(@Nullable Refresh refresh, long watermark) {
        long passed = watermark == Long.MIN_VALUE ? watermark : watermark + 1;
        return refresh == null ? passed : Math.max(refresh.at(), passed);
    }

    private static Score publication(String adId, Refresh refresh, AdScore scored) {
        return Score.unranked(adId, refresh, scored.penalty(), scored.score(), scored.revision());
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Scored> out) throws Exception {
        PooledHour pooled = hours.get(time + 1);
        if (pooled != null) {
            hours.remove(time + 1);
            refresh(pooled, context, out);
        }
        AdScore known = known();
        if (known.refresh() == null) {
            // Penalties that have expired before the ad had a score are forgotten.
            keep(known.at(time));
        }
    }

    private void refresh(PooledHour pooled, OnTimerContext context, Collector<Scored> out)
            throws Exception {
        AdScore known = known();
        if (pooled.hour().gone()) {
            scores.clear();
            if (known.refresh() != null) {
                context.output(
                        departures, new Departure(context.getCurrentKey(), pooled.hour().at()));
            }
            return;
        }
        Refresh refresh = formula.refresh(pooled, known.refresh());
        AdScore current = known.at(refresh.at());
        double score = formula.served(refresh, current.penalty());
        boolean publish = current.revision() == 0 || formula.moved(score, current.published());
        AdScore next = current.scored(refresh, score, publish);
        scores.update(next);
        out.collect(
                new Scored(
                        refresh.category(),
                        score,
                        publish ? publication(context.getCurrentKey(), refresh, next) : null));
    }

    private void keep(AdScore unscored) throws Exception {
        if (unscored.penalties().isEmpty()) {
            scores.clear();
        } else {
            scores.update(unscored);
        }
    }
}
