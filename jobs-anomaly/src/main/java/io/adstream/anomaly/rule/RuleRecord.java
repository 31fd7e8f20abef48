package io.adstream.anomaly.rule;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adstream.common.time.EventTimes;
import java.util.TreeMap;

/** Rules as records of topic {@code control}, whose key is {@link Rule#key()}. */
public final class RuleRecord {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RuleRecord() {}

    /** The record as JSON. */
    public static String value(Rule rule) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("schema_version", 1);
        json.put("rule_id", rule.ruleId());
        json.put("version", rule.version());
        json.put("scope", rule.scope().name());
        json.put("scope_id", rule.scopeId().isEmpty() ? null : rule.scopeId());
        ObjectNode params = json.putObject("params");
        new TreeMap<>(rule.params()).forEach(params::put);
        json.put("state", rule.state().name());
        Long mutedUntil = rule.mutedUntil();
        json.put("muted_until", mutedUntil == null ? null : EventTimes.format(mutedUntil));
        return json.toString();
    }
}
