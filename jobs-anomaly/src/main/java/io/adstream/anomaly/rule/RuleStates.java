package io.adstream.anomaly.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** The rules as broadcast state: the newest version per rule and scope, in every subtask. */
public final class RuleStates {

    /** By {@link Rule#key()}. */
    public static final MapStateDescriptor<String, Rule> RULES =
            new MapStateDescriptor<>("rules", Types.STRING, TypeInformation.of(Rule.class));

    private RuleStates() {}

    /**
     * Takes a version over, unless one as new is known.
     *
     * @return whether it was taken over
     */
    public static boolean accept(BroadcastState<String, Rule> state, Rule rule) throws Exception {
        if (!RuleBook.replaces(rule, state.get(rule.key()))) {
            return false;
        }
        // Deleted ones stay, by their version: an older one that comes later changes nothing.
        state.put(rule.key(), rule);
        return true;
    }

    /** The rules in force. */
    public static RuleBook book(ReadOnlyBroadcastState<String, Rule> state) throws Exception {
        List<Rule> rules = new ArrayList<>();
        for (Map.Entry<String, Rule> entry : state.immutableEntries()) {
            rules.add(entry.getValue());
        }
        return RuleBook.of(rules);
    }
}
