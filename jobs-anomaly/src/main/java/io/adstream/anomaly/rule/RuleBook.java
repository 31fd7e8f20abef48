package io.adstream.anomaly.rule;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force, by scope: the narrowest wins, and where nobody set one, the built-in does.
 */
public final class RuleBook {

    private static final Map<RuleId, Rule> BUILT_IN = new EnumMap<>(RuleId.class);

    static {
        for (RuleId id : RuleId.values()) {
            BUILT_IN.put(id, Rule.builtIn(id));
        }
    }

    private final Map<RuleId, Map<String, Rule>> scoped = new EnumMap<>(RuleId.class);
    private final Map<RuleId, Rule> global = new EnumMap<>(BUILT_IN);

    /** A book of the built-in rules and these. */
    public static RuleBook of(Iterable<Rule> rules) {
        RuleBook book = new RuleBook();
        for (Rule rule : rules) {
            book.put(rule);
        }
        return book;
    }

    private void put(Rule rule) {
        RuleId id = RuleId.of(rule.ruleId());
        if (id == null || rule.state() == Rule.State.DELETED) {
            return;
        }
        if (rule.scope() == Rule.Scope.GLOBAL) {
            global.put(id, rule);
        } else {
            scoped.computeIfAbsent(id, any -> new HashMap<>())
                    .put(rule.scope() + ":" + rule.scopeId(), rule);
        }
    }

    /** The rule in force for what belongs to this campaign and advertiser, where known. */
    public Rule find(RuleId id, @Nullable String campaignId, @Nullable String advertiserId) {
        Map<String, Rule> narrow = scoped.get(id);
        if (narrow != null) {
            Rule rule =
                    campaignId == null ? null : narrow.get(Rule.Scope.CAMPAIGN + ":" + campaignId);
            if (rule == null && advertiserId != null) {
                rule = narrow.get(Rule.Scope.ADVERTISER + ":" + advertiserId);
            }
            if (rule != null) {
                return rule;
            }
        }
        return global(id);
    }

    /** The rule in force for what belongs to nobody. */
    public Rule global(RuleId id) {
        Rule rule = global.get(id);
        if (rule == null) {
            throw new IllegalStateException("every rule is built in: " + id);
        }
        return rule;
    }

    /** Whether a version takes the place of what is known under its key. */
    public static boolean replaces(Rule rule, @Nullable Rule known) {
        return known == null || rule.version() > known.version();
    }
}
