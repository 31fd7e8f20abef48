package io.adstream.anomaly.incident;

import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import io.adstream.common.time.EventTimes;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Lets incidents through until one rule has opened too many of one advertiser's entities shortly
 * after each other. One alert about the advertiser then stands for all further ones, until they are
 * over and no more come. Those that were let through go on by themselves.
 *
 * <p>Keyed by rule and advertiser. What it costs does not grow with the storm.
 */
public final class GroupStorms extends KeyedProcessFunction<String, Step, Step> {

    private static final long serialVersionUID = 1L;

    private final int entities;
    private final long windowMillis;

    private transient ValueState<Storm> storms;
    private transient MapState<String, Boolean> members;
    private transient Counter swallowed;

    /**
     * @param entities how many are no storm yet
     * @param window how far apart, in event time, the first and the last of a storm are at most
     */
    public GroupStorms(int entities, Duration window) {
        this.entities = entities;
        this.windowMillis = window.toMillis();
    }

    @Override
    public void open(OpenContext context) {
        storms =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "storm", TypeInformation.of(Storm.class)));
        members =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>("members", Types.STRING, Types.BOOLEAN));
        swallowed =
                getRuntimeContext().getMetricGroup().addGroup("adstream").counter("alertsInStorms");
    }

    /** The key of a step, or null where it belongs to nobody. */
    public static @Nullable String key(Step step) {
        return step.advertiserId() == null
                ? null
                : step.alert().ruleId() + ":" + step.advertiserId();
    }

    @Override
    public void processElement(Step step, Context context, Collector<Step> out) throws Exception {
        long now = context.timerService().currentProcessingTime();
        Storm storm = storms.value();
        Alert alert = step.alert();
        if (alert.status() != Alert.Status.OPEN) {
            if (!members.contains(alert.alertId())) {
                out.collect(step);
                return;
            }
            swallowed.inc();
            if (alert.status() == Alert.Status.RESOLVED && storm != null) {
                members.remove(alert.alertId());
                storms.update(storm.left());
                wake(context, step.time());
            }
            return;
        }
        String advertiser = String.valueOf(step.advertiserId());
        if (storm == null) {
            storm = Storm.none(advertiser);
        }
        storm =
                storm.with(
                        alert.entityType() + ":" + alert.entityId(),
                        step.time(),
                        windowMillis,
                        entities);
        if (storm.opened() == null && storm.recent().size() <= entities) {
            out.collect(step);
        } else {
            swallowed.inc();
            members.put(alert.alertId(), true);
            storm = join(storm, step, now, out);
        }
        storms.update(storm);
        wake(context, step.time() + windowMillis);
    }

    private Storm join(Storm storm, Step step, long now, Collector<Step> out) {
        long minute = Incident.minute(step.time());
        Alert opened = storm.opened();
        double count = opened == null ? storm.recent().size() : entities + storm.joined() + 1;
        if (opened == null) {
            opened = open(storm, step, minute, now);
            out.collect(aboutAdvertiser(opened, storm, step.time()));
        } else if (minute > storm.updated()) {
            out.collect(
                    aboutAdvertiser(
                            opened.step(
                                    Alert.Status.UPDATE,
                                    count,
                                    message(opened.ruleId(), storm.advertiserId(), count),
                                    now),
                            storm,
                            minute));
        }
        return storm.joined(opened, step.time(), minute);
    }

    private Alert open(Storm storm, Step step, long minute, long now) {
        Alert first = step.alert();
        double count = storm.recent().size();
        return new Alert(
                AlertIds.of(
                        first.ruleId(),
                        Alert.EntityType.ADVERTISER,
                        storm.advertiserId(),
                        EventTimes.format(minute)),
                first.ruleId(),
                first.ruleVersion(),
                Alert.Severity.CRITICAL,
                Alert.Status.OPEN,
                Alert.EntityType.ADVERTISER,
                storm.advertiserId(),
                minute,
                count,
                null,
                (double) entities,
                message(first.ruleId(), storm.advertiserId(), count),
                List.copyOf(first.sampleEventIds()),
                now);
    }

    private String message(String ruleId, String advertiser, double count) {
        return "Storm: %s at %s entities of advertiser %s within %d min."
                .formatted(
                        ruleId, Text.number(count), advertiser, Math.max(1, windowMillis / 60_000));
    }

    private static Step aboutAdvertiser(Alert alert, Storm storm, long time) {
        return new Step(alert, false, null, storm.advertiserId(), time);
    }

    /** Looks again when time has passed the next whole minute. */
    private static void wake(Context context, long time) {
        context.timerService().registerEventTimeTimer(Incident.minute(time) + 60_000);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<Step> out) throws Exception {
        Storm storm = storms.value();
        if (storm == null) {
            return;
        }
        Alert opened = storm.opened();
        if (opened != null && storm.open() == 0 && time - storm.lastJoin() >= windowMillis) {
            out.collect(
                    aboutAdvertiser(
                            opened.step(
                                    Alert.Status.RESOLVED,
                                    0.0,
                                    opened.message()
                                            + " Over: none of "
                                            + Text.number((double) entities + storm.joined())
                                            + " entities is left.",
                                    context.timerService().currentProcessingTime()),
                            storm,
                            time));
            storm = storm.over();
            storms.update(storm);
        }
        boolean stale = true;
        for (long opening : storm.recent().values()) {
            stale &= opening <= time - windowMillis;
        }
        if (stale && storm.opened() == null) {
            storms.clear();
        }
    }
}
