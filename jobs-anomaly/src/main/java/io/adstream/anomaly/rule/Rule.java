package io.adstream.anomaly.rule;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One version of a rule in one scope.
 *
 * @param ruleId name of a {@link RuleId}
 * @param version of two records of one rule and scope the greater is in force, whichever came last;
 *     from 1
 * @param scope where it is in force
 * @param scopeId the advertiser or campaign; empty for {@link Scope#GLOBAL}
 * @param params what was set; the rest is as built in
 * @param state whether it is in force
 * @param mutedUntil until when its alerts notify nobody, epoch ms by the wall clock; or null
 */
public record Rule(
        String ruleId,
        int version,
        Scope scope,
        String scopeId,
        Map<String, Double> params,
        State state,
        @Nullable Long mutedUntil) {

    /** How far a rule reaches. The narrowest that is there wins. */
    public enum Scope {
        GLOBAL,
        ADVERTISER,
        CAMPAIGN
    }

    /** Whether a rule is in force. */
    public enum State {
        /** It opens incidents. */
        ACTIVE,
        /** It opens incidents that only the operator sees: no alert, notification or penalty. */
        SHADOW,
        /** It opens none; a wider scope does not stand in for it. */
        PAUSED,
        /** As if it had never been: the next wider scope is in force. */
        DELETED
    }

    /** The rule as it is where nobody has set it. */
    public static Rule builtIn(RuleId id) {
        return new Rule(id.id(), 1, Scope.GLOBAL, "", Map.of(), State.ACTIVE, null);
    }

    /** Key of its record: {@code {rule_id}:{scope}:{scope_id}}. */
    public String key() {
        return ruleId + ":" + scope + ":" + scopeId;
    }

    /** Whether it opens incidents, seen by all or not. */
    public boolean judges() {
        return state == State.ACTIVE || state == State.SHADOW;
    }

    /** Whether its incidents are only for the operator to see. */
    public boolean isShadow() {
        return state == State.SHADOW;
    }

    /** Whether it notifies nobody at that time. */
    public boolean isMutedAt(long now) {
        return mutedUntil != null && now < mutedUntil;
    }

    /** What a parameter is set to. */
    public double number(String param) {
        Double set = params.get(param);
        if (set != null) {
            return set;
        }
        RuleId id = Objects.requireNonNull(RuleId.of(ruleId), ruleId);
        Param declared = id.param(param);
        if (declared == null) {
            throw new IllegalArgumentException(ruleId + " has no parameter " + param);
        }
        return declared.standard();
    }

    /** What a whole parameter is set to. */
    public int whole(String param) {
        return (int) number(param);
    }

    /** A whole number of minutes in ms. */
    public long minutes(String param) {
        return (long) (number(param) * 60_000);
    }
}
