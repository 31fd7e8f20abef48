package io.adstream.anomaly.score;

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
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Watches the quality score of each ad for falls within an hour. Scores are judged as they come;
 * time alone ends an incident, by the time of the scores' topic. A score names neither campaign nor
 * advertiser: only rules of the scope GLOBAL apply.
 */
public final class WatchScores
        extends KeyedBroadcastProcessFunction<String, ScoreUpdate, Signal, Step> {

    private static final long serialVersionUID = 1L;

    private final long retentionMillis;
    private final OutputTag<Penalty> penalties;

    private transient ValueState<ScoreHistory> histories;
    private transient ValueState<Incident> incidents;
    private transient @Nullable RuleBook book;

    /**
     * @param retention how long after its latest score an ad is remembered
     * @param penalties where penalties go
     */
    public WatchScores(Duration retention, OutputTag<Penalty> penalties) {
        this.retentionMillis = retention.toMillis();
        this.penalties = penalties;
    }

    @Override
    public void open(OpenContext context) {
        histories =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "scores", TypeInformation.of(ScoreHistory.class)));
        incidents =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "incident", TypeInformation.of(Incident.class)));
    }

    @Override
    public void processBroadcastElement(Signal signal, Context context, Collector<Step> out)
            throws Exception {
        Rule rule = signal.rule();
        if (rule != null && RuleStates.accept(context.getBroadcastState(RuleStates.RULES), rule)) {
            book = null;
        }
    }

    private Rule rule(ReadOnlyContext context) throws Exception {
        RuleBook known = book;
        if (known == null) {
            known = RuleStates.book(context.getBroadcastState(RuleStates.RULES));
            book = known;
        }
        return known.global(RuleId.QUALITY_DROP);
    }

    @Override
    public void processElement(ScoreUpdate update, ReadOnlyContext context, Collector<Step> out)
            throws Exception {
        Double score = update.baseScore();
        if (score == null) {
            return;
        }
        Rule rule = rule(context);
        ScoreHistory history = histories.value();
        history =
                (history == null ? new ScoreHistory(List.of()) : history).with(update.at(), score);
        judge(history, update.at(), rule, context, new Emit(out, context, penalties));
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Step> out) throws Exception {
        ScoreHistory history = histories.value();
        if (history != null) {
            judge(history, time, rule(context), context, new Emit(out, context, penalties));
        }
    }

    private void judge(ScoreHistory all, long time, Rule rule, ReadOnlyContext context, Emit emit)
            throws Exception {
        long window = rule.minutes("window_minutes");
        ScoreHistory history = all.since(time, window);
        ScoreHistory.Point newest = history.newest();
        if (newest == null) {
            return;
        }
        double drop = history.drop();
        Incident incident = incidents.value();
        long now = context.timerService().currentProcessingTime();
        if (incident == null) {
            if (rule.judges() && drop >= rule.number("drop")) {
                incident = Incident.open(rule, breach(context, history, newest, rule), now, emit);
            }
        } else if (incident.isOverruledBy(rule) || drop < rule.number("calm_drop")) {
            incident.resolve(
                    newest.score(),
                    incident.isOverruledBy(rule)
                            ? "the rule is " + rule.state()
                            : "the score is "
                                    + Text.number(newest.score())
                                    + ", "
                                    + Text.number(drop)
                                    + " below its maximum",
                    time,
                    now,
                    emit);
            incident = null;
        } else if (drop >= rule.number("drop")) {
            incident = incident.hot(rule, Incident.minute(time), newest.score(), now, emit);
        }
        incidents.update(incident);
        if (incident == null && time - newest.at() >= retentionMillis) {
            histories.clear();
            return;
        }
        histories.update(history);
        // When the maximum may be another, or, where only time is left, when nobody asks any more.
        long next =
                history.points().size() > 1
                        ? history.points().get(1).at() + window
                        : newest.at() + retentionMillis;
        context.timerService().registerEventTimeTimer(Math.max(next, time + 1));
    }

    private Breach breach(
            ReadOnlyContext context, ScoreHistory history, ScoreHistory.Point newest, Rule rule) {
        String adId = context.getCurrentKey();
        return new Breach(
                Alert.EntityType.AD,
                adId,
                null,
                null,
                newest.at(),
                history.points().get(0).at(),
                newest.score(),
                history.greatest(),
                history.greatest() - rule.number("drop"),
                "Ad %s: quality score %s, %s below its maximum of the last %d min."
                        .formatted(
                                adId,
                                Text.number(newest.score()),
                                Text.number(history.drop()),
                                rule.whole("window_minutes")),
                List.of(),
                null);
    }
}
