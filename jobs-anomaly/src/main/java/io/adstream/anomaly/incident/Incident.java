package io.adstream.anomaly.incident;

import io.adstream.anomaly.rule.Rule;
import io.adstream.common.alert.Alert;
import io.adstream.common.alert.AlertIds;
import io.adstream.common.time.EventTimes;
import org.jspecify.annotations.Nullable;

/**
 * An incident that is open: what was said when it opened, and how it has gone on.
 *
 * <p>Pure: a change makes a new one. Times are epoch ms; all but those of the alert are event time.
 *
 * @param opened its first alert
 * @param shadow whether only the operator sees it
 * @param campaignId the campaign that its entity belongs to, or null
 * @param advertiserId the advertiser that its entity belongs to, or null
 * @param since when it happened
 * @param lastHot start of the newest minute that was a breach
 * @param calm how many calm minutes have followed each other
 * @param updated the minute of the latest alert
 * @param penalizedAd the ad whose score suffers, or null
 * @param penaltyUntil until when it suffers
 */
public record Incident(
        Alert opened,
        boolean shadow,
        @Nullable String campaignId,
        @Nullable String advertiserId,
        long since,
        long lastHot,
        int calm,
        long updated,
        @Nullable String penalizedAd,
        long penaltyUntil) {

    private static final long MINUTE = 60_000;

    /** Takes what an incident says. */
    public interface Listener {
        void step(Step step);

        void penalty(Penalty penalty);
    }

    /** The minute in which a time lies. */
    public static long minute(long time) {
        return Math.floorDiv(time, MINUTE) * MINUTE;
    }

    /**
     * Opens an incident and says so.
     *
     * @param now the wall clock
     */
    public static Incident open(Rule rule, Breach breach, long now, Listener out) {
        long minute = minute(breach.time());
        Alert alert =
                new Alert(
                        AlertIds.of(
                                rule.ruleId(),
                                breach.entityType(),
                                breach.entityId(),
                                EventTimes.format(minute)),
                        rule.ruleId(),
                        rule.version(),
                        breach.entityType() == Alert.EntityType.PLATFORM
                                ? Alert.Severity.CRITICAL
                                : Alert.Severity.WARNING,
                        Alert.Status.OPEN,
                        breach.entityType(),
                        breach.entityId(),
                        breach.windowStart(),
                        breach.observed(),
                        breach.usual(),
                        breach.threshold(),
                        breach.message(),
                        breach.sampleEventIds(),
                        now);
        Incident incident =
                new Incident(
                        alert,
                        rule.isShadow(),
                        breach.campaignId(),
                        breach.advertiserId(),
                        breach.time(),
                        minute,
                        0,
                        minute,
                        breach.penalizedAd(),
                        Long.MIN_VALUE);
        out.step(incident.stepOf(alert, breach.time()));
        return incident.penalized(rule, breach.time(), out);
    }

    /** Whether another rule or state is in force than the one that it lives by. */
    public boolean isOverruledBy(Rule rule) {
        return !rule.judges() || rule.isShadow() != shadow;
    }

    /** After one more minute that was a breach; says so once a minute. */
    public Incident hot(Rule rule, long minute, double observed, long now, Listener out) {
        Incident next =
                new Incident(
                        opened,
                        shadow,
                        campaignId,
                        advertiserId,
                        since,
                        Math.max(minute, lastHot),
                        0,
                        Math.max(minute, updated),
                        penalizedAd,
                        penaltyUntil);
        if (minute > updated) {
            String message = opened.message() + " Goes on: " + Text.number(observed) + ".";
            out.step(stepOf(opened.step(Alert.Status.UPDATE, observed, message, now), minute));
        }
        return next.penalized(rule, minute, out);
    }

    /** After one more minute that was calm, or neither calm nor a breach. */
    public Incident after(boolean calmMinute) {
        return new Incident(
                opened,
                shadow,
                campaignId,
                advertiserId,
                since,
                lastHot,
                calmMinute ? calm + 1 : 0,
                updated,
                penalizedAd,
                penaltyUntil);
    }

    /** Says that it is over. */
    public void resolve(@Nullable Double observed, String why, long time, long now, Listener out) {
        out.step(
                stepOf(
                        opened.step(
                                Alert.Status.RESOLVED,
                                observed,
                                opened.message() + " Over: " + why + ".",
                                now),
                        time));
    }

    /** Sends a penalty at the beginning, and again when half of its time is over. */
    private Incident penalized(Rule rule, long time, Listener out) {
        if (penalizedAd == null || shadow || rule.number("penalty_points") <= 0) {
            return this;
        }
        long length = rule.minutes("penalty_minutes");
        if (penaltyUntil != Long.MIN_VALUE && penaltyUntil - time > length / 2) {
            return this;
        }
        long until = minute(time) + length;
        out.penalty(
                new Penalty(penalizedAd, rule.number("penalty_points"), opened.alertId(), until));
        return new Incident(
                opened,
                shadow,
                campaignId,
                advertiserId,
                since,
                lastHot,
                calm,
                updated,
                penalizedAd,
                until);
    }

    private Step stepOf(Alert alert, long time) {
        return new Step(alert, shadow, campaignId, advertiserId, time);
    }
}
