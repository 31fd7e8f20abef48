package io.adstream.anomaly.notify;

import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleBook;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleStates;
import io.adstream.anomaly.rule.Signal;
import io.adstream.common.alert.Alert;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Decides which alerts people are told of: by status, severity, and whether the rule is muted. */
public final class SelectNotifications
        extends BroadcastProcessFunction<ReceivedAlert, Signal, Notification> {

    private static final long serialVersionUID = 1L;

    private final Set<Alert.Status> statuses;
    private final Alert.Severity least;

    private transient @Nullable RuleBook book;
    private transient Counter selected;
    private transient Counter muted;
    private transient Counter notWanted;

    /**
     * @param statuses steps of an incident that people are told of
     * @param least the least severity that they are told of
     */
    public SelectNotifications(Set<Alert.Status> statuses, Alert.Severity least) {
        this.statuses = statuses.isEmpty() ? Set.of() : EnumSet.copyOf(statuses);
        this.least = least;
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("adstream");
        selected = metrics.counter("notifications");
        muted = metrics.counter("mutedAlerts");
        notWanted = metrics.counter("alertsNotNotified");
    }

    @Override
    public void processBroadcastElement(Signal signal, Context context, Collector<Notification> out)
            throws Exception {
        Rule rule = signal.rule();
        if (rule != null && RuleStates.accept(context.getBroadcastState(RuleStates.RULES), rule)) {
            book = null;
        }
    }

    @Override
    public void processElement(
            ReceivedAlert received, ReadOnlyContext context, Collector<Notification> out)
            throws Exception {
        Alert alert = received.alert();
        if (!statuses.contains(alert.status()) || alert.severity().compareTo(least) < 0) {
            notWanted.inc();
            return;
        }
        RuleBook known = book;
        if (known == null) {
            known = RuleStates.book(context.getBroadcastState(RuleStates.RULES));
            book = known;
        }
        if (isMuted(known, received, context.currentProcessingTime())) {
            muted.inc();
            return;
        }
        selected.inc();
        out.collect(new Notification(alert, received.arrived()));
    }

    private static boolean isMuted(RuleBook book, ReceivedAlert received, long now) {
        Alert alert = received.alert();
        RuleId id = RuleId.of(alert.ruleId());
        if (id == null) {
            return false;
        }
        String campaign =
                alert.entityType() == Alert.EntityType.CAMPAIGN
                        ? alert.entityId()
                        : received.campaignId();
        String advertiser =
                alert.entityType() == Alert.EntityType.ADVERTISER
                        ? alert.entityId()
                        : received.advertiserId();
        // A mute of a wider scope holds for the narrower ones, whatever else is set there.
        return book.find(id, campaign, advertiser).isMutedAt(now)
                || book.find(id, null, advertiser).isMutedAt(now)
                || book.global(id).isMutedAt(now);
    }
}
