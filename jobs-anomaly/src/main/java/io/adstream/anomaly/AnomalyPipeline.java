package io.adstream.anomaly;

import io.adstream.anomaly.ad.AdMinute;
import io.adstream.anomaly.ad.CountMinutes;
import io.adstream.anomaly.ad.WatchAds;
import io.adstream.anomaly.flood.Click;
import io.adstream.anomaly.flood.SplitClicks;
import io.adstream.anomaly.flood.WatchClicks;
import io.adstream.anomaly.incident.GroupStorms;
import io.adstream.anomaly.incident.Penalty;
import io.adstream.anomaly.incident.Step;
import io.adstream.anomaly.notify.AlertRow;
import io.adstream.anomaly.notify.KeepAlertRows;
import io.adstream.anomaly.notify.Notification;
import io.adstream.anomaly.notify.ReadAlerts;
import io.adstream.anomaly.notify.ReceivedAlert;
import io.adstream.anomaly.notify.RecentAlert;
import io.adstream.anomaly.notify.SelectNotifications;
import io.adstream.anomaly.notify.ServeRecent;
import io.adstream.anomaly.platform.WatchPlatform;
import io.adstream.anomaly.rule.ReadRules;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.anomaly.score.ScoreUpdate;
import io.adstream.anomaly.score.WatchScores;
import io.adstream.common.alert.Alert;
import io.adstream.common.dedup.Lateness;
import io.adstream.common.dedup.ValidEvents;
import io.adstream.common.event.EventContract;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.OutputTag;

/**
 * The topology of the anomaly job.
 *
 * <pre>
 * control ─ read-rules ─┬─ rejected ───────────────────────────────────────────► rejectedRules
 *                       ╚═ broadcast to all that watch, and to select-notifications
 *
 * events ─ admit-events ─ deduplicate ─┬─ split-clicks ─ by device, IP ─ watch-clicks ──┐
 *                                      └─ count-minutes ─┬─ by ad ─ watch-ads ──────────┤
 *                                                        │             ║ silences       │
 *                                                        └─ all ─ watch-platform ───────┤
 * scores ─ by ad ─ watch-scores ────────────────────────────────────────────────────────┤
 *                                                                                       │
 *      ┌─ shadow ─ keep-shadow-rows ──────────────────────────────────────► shadowRows  │
 *      ├─ of no advertiser ───────────────────────┬───────────────────────► alerts ─────┤
 *      └─ by rule and advertiser ─ group-storms ──┘                                     │
 *                                                                         penalties ◄───┘
 *
 * alertRecords ─ read-alerts ─┬─ by alert ─ keep-alert-rows ───────────────────► rows
 *                             ├─ serve-recent ─────────────────────────────────► recent
 *                             └─ select-notifications ─────────────────────────► notifications
 * </pre>
 *
 * <p>The job counts events itself and does not read the metrics job's windows: an alert waits for
 * one checkpoint, not for two, and is there where the metrics job is not. A silence of the platform
 * is told of before time goes on: {@code watch-ads} judges a minute when both of its inputs have
 * passed its end.
 *
 * <p>The lower part is a pipeline of its own: alerts of all jobs, once they are committed.
 */
public final class AnomalyPipeline {

    /** The job's short name. */
    public static final String JOB = "anomaly";

    private static final InputEventType EVENT =
            new InputEventType(
                    EventContract.AD_EVENTS.stringFields(), EventContract.AD_EVENTS.numberFields());
    private static final InputEventType RAW = new InputEventType(0, 0);

    private AnomalyPipeline() {}

    /** How an event is carried between tasks. */
    public static TypeInformation<InputEvent> eventType() {
        return EVENT;
    }

    /**
     * What the job reads.
     *
     * @param events the records of topic {@code ad-events}, with watermarks
     * @param scores the records of topic {@code quality-score-updates}, with watermarks
     * @param control the records of topic {@code control} as they are, without time
     * @param alertRecords the committed records of topic {@code alerts} as they are, without time
     * @param redisIdentities the identity of the Redis server, again and again
     */
    public record Inputs(
            DataStream<InputEvent> events,
            DataStream<ScoreUpdate> scores,
            DataStream<InputEvent> control,
            DataStream<InputEvent> alertRecords,
            DataStream<String> redisIdentities) {}

    /**
     * What the job makes.
     *
     * @param alerts steps of incidents for topic {@code alerts}, and at once for Redis
     * @param penalties for topic {@code quality-score-updates}
     * @param shadowRows incidents of rules in the state SHADOW
     * @param rejectedRules records of topic {@code control} that hold no rule
     * @param rows incidents of all jobs
     * @param recent alerts of all jobs for the Redis stream
     * @param notifications alerts of all jobs that people are told of
     */
    public record Outputs(
            DataStream<Step> alerts,
            DataStream<Penalty> penalties,
            DataStream<AlertRow> shadowRows,
            DataStream<InputEvent> rejectedRules,
            DataStream<AlertRow> rows,
            DataStream<RecentAlert> recent,
            DataStream<Notification> notifications) {}

    public static Outputs build(Inputs inputs, AnomalyConfig config) {
        OutputTag<InputEvent> rejected = new OutputTag<>("rejected-rules", RAW);
        SingleOutputStreamOperator<Signal> rules =
                inputs.control()
                        .process(new ReadRules(rejected), TypeInformation.of(Signal.class))
                        .setParallelism(1)
                        .uid("read-rules")
                        .name("read-rules");
        Watched watched = watch(inputs, rules, config);

        DataStream<Step> open =
                watched.steps.filter(step -> !step.shadow()).uid("seen-by-all").name("seen-by-all");
        DataStream<Step> ofNobody =
                open.filter(step -> GroupStorms.key(step) == null)
                        .uid("of-no-advertiser")
                        .name("of-no-advertiser");
        DataStream<Step> grouped =
                open.filter(step -> GroupStorms.key(step) != null)
                        .uid("of-advertisers")
                        .name("of-advertisers")
                        .keyBy(step -> String.valueOf(GroupStorms.key(step)), Types.STRING)
                        .process(
                                new GroupStorms(config.stormEntities(), config.stormWindow()),
                                TypeInformation.of(Step.class))
                        .uid("group-storms")
                        .name("group-storms");
        DataStream<AlertRow> shadow =
                watched.steps
                        .filter(Step::shadow)
                        .uid("seen-by-operators")
                        .name("seen-by-operators")
                        .map(Step::alert, TypeInformation.of(Alert.class))
                        .uid("shadow-alerts")
                        .name("shadow-alerts")
                        .keyBy(Alert::alertId, Types.STRING)
                        .process(new KeepAlertRows(), TypeInformation.of(AlertRow.class))
                        .uid("keep-shadow-rows")
                        .name("keep-shadow-rows");

        // One subtask, so that the steps of an incident stay in order.
        SingleOutputStreamOperator<ReceivedAlert> received =
                inputs.alertRecords()
                        .flatMap(new ReadAlerts(), TypeInformation.of(ReceivedAlert.class))
                        .setParallelism(1)
                        .uid("read-alerts")
                        .name("read-alerts");
        SingleOutputStreamOperator<Alert> alerts =
                received.map(ReceivedAlert::alert, TypeInformation.of(Alert.class))
                        .setParallelism(1)
                        .uid("received-alerts")
                        .name("received-alerts");
        return new Outputs(
                ofNobody.union(grouped),
                watched.penalties,
                shadow,
                rules.getSideOutput(rejected),
                alerts.keyBy(Alert::alertId, Types.STRING)
                        .process(new KeepAlertRows(), TypeInformation.of(AlertRow.class))
                        .uid("keep-alert-rows")
                        .name("keep-alert-rows"),
                alerts.keyBy(alert -> 0, Types.INT)
                        .connect(inputs.redisIdentities().keyBy(identity -> 0, Types.INT))
                        .process(new ServeRecent(), TypeInformation.of(RecentAlert.class))
                        .uid("serve-recent")
                        .name("serve-recent")
                        .forceNonParallel(),
                received.connect(rules.broadcast(RuleStates.RULES))
                        .process(
                                new SelectNotifications(config.statuses(), config.minSeverity()),
                                TypeInformation.of(Notification.class))
                        .setParallelism(1)
                        .uid("select-notifications")
                        .name("select-notifications"));
    }

    /** What the rules have found. */
    private record Watched(DataStream<Step> steps, DataStream<Penalty> penalties) {}

    private static Watched watch(
            Inputs inputs, SingleOutputStreamOperator<Signal> rules, AnomalyConfig config) {
        TypeInformation<Step> stepType = TypeInformation.of(Step.class);
        OutputTag<Penalty> penalties =
                new OutputTag<>("penalties", TypeInformation.of(Penalty.class));
        DataStream<InputEvent> valid =
                ValidEvents.of(
                        inputs.events(),
                        EVENT,
                        EventContract.AD_EVENTS,
                        config.dedupHorizon(),
                        Lateness.of(Duration.ofMinutes(1), config.allowedLateness()));

        SingleOutputStreamOperator<Step> floods =
                valid.flatMap(new SplitClicks(), TypeInformation.of(Click.class))
                        .uid("split-clicks")
                        .name("split-clicks")
                        .keyBy(Click::key, Types.STRING)
                        .connect(rules.broadcast(RuleStates.RULES))
                        .process(new WatchClicks(config.allowedLateness(), penalties), stepType)
                        .uid("watch-clicks")
                        .name("watch-clicks");

        OutputTag<AdMinute> platformTag =
                new OutputTag<>("platform-minutes", TypeInformation.of(AdMinute.class));
        SingleOutputStreamOperator<AdMinute> minutes =
                valid.transform(
                                "count-minutes",
                                TypeInformation.of(AdMinute.class),
                                new CountMinutes(platformTag))
                        .uid("count-minutes");
        OutputTag<Signal> silences = new OutputTag<>("silences", TypeInformation.of(Signal.class));
        SingleOutputStreamOperator<Step> outages =
                minutes.getSideOutput(platformTag)
                        .keyBy(AdMinute::adId, Types.STRING)
                        .connect(rules.broadcast(RuleStates.RULES))
                        .process(new WatchPlatform(silences, penalties), stepType)
                        .uid("watch-platform")
                        .name("watch-platform")
                        .forceNonParallel();
        SingleOutputStreamOperator<Step> ads =
                minutes.keyBy(AdMinute::adId, Types.STRING)
                        .connect(
                                rules.union(outages.getSideOutput(silences))
                                        .broadcast(RuleStates.RULES, WatchAds.SILENCE))
                        .process(
                                new WatchAds(
                                        config.allowedLateness(), config.retention(), penalties),
                                stepType)
                        .uid("watch-ads")
                        .name("watch-ads");

        SingleOutputStreamOperator<Step> scores =
                inputs.scores()
                        .filter(update -> update.kind() == ScoreUpdate.Kind.SCORE)
                        .uid("scores")
                        .name("scores")
                        .keyBy(ScoreUpdate::adId, Types.STRING)
                        .connect(rules.broadcast(RuleStates.RULES))
                        .process(new WatchScores(config.retention(), penalties), stepType)
                        .uid("watch-scores")
                        .name("watch-scores");

        // By key, so that the steps of an outage take one way and stay in order.
        return new Watched(
                floods.union(
                        outages.keyBy(step -> step.alert().alertId(), Types.STRING), ads, scores),
                floods.getSideOutput(penalties).union(ads.getSideOutput(penalties)));
    }
}
