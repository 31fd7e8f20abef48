package io.adstream.local.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adstream.anomaly.rule.Param;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.common.time.EventTimes;
import io.adstream.local.ExitCode;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adstream rules list}. */
@Command(
        name = "list",
        description = "Shows the rules that are in force, those of narrower scopes too.")
final class ListCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private RulesTarget target;

    @Option(
            names = "--params",
            description = "Every parameter with its value, what is allowed, and what it means.")
    private boolean params;

    @Override
    public Integer call() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        for (RuleId id : RuleId.values()) {
            Rule builtIn = Rule.builtIn(id);
            rules.put(builtIn.key(), builtIn);
        }
        target.topic()
                .read()
                .forEach(
                        (key, rule) -> {
                            if (rule.state() != Rule.State.DELETED) {
                                rules.put(key, rule);
                            }
                        });
        PrintWriter out = spec.commandLine().getOut();
        if (target.json) {
            out.println(json(rules));
        } else {
            rules.values().forEach(rule -> print(rule, out));
        }
        return ExitCode.OK;
    }

    private static String json(Map<String, Rule> rules) {
        ArrayNode list = new ObjectMapper().createArrayNode();
        for (Rule rule : rules.values()) {
            RuleId id = RuleId.of(rule.ruleId());
            ObjectNode node =
                    list.addObject()
                            .put("rule_id", rule.ruleId())
                            .put("version", rule.version())
                            .put("scope", rule.scope().name())
                            .put("scope_id", rule.scopeId().isEmpty() ? null : rule.scopeId())
                            .put("state", rule.state().name())
                            .put("muted_until", mutedUntil(rule));
            ObjectNode values = node.putObject("params");
            if (id != null) {
                for (Param param : id.params()) {
                    values.put(param.name(), rule.number(param.name()));
                }
            }
        }
        return list.toPrettyString();
    }

    private void print(Rule rule, PrintWriter out) {
        RuleId id = RuleId.of(rule.ruleId());
        String muted = mutedUntil(rule);
        out.printf(
                Locale.ROOT,
                "%-16s %-24s version %-4d %s%s%n",
                rule.ruleId(),
                rule.scopeId().isEmpty()
                        ? "everywhere"
                        : rule.scope().name().toLowerCase(Locale.ROOT) + " " + rule.scopeId(),
                rule.version(),
                id != null && !id.isJudgedHere() ? "(of the budget job)" : rule.state(),
                muted == null ? "" : ", muted until " + muted);
        if (id == null) {
            return;
        }
        for (Param param : id.params()) {
            if (params) {
                out.printf(
                        Locale.ROOT,
                        "  %-22s %-10s %s; %s%n",
                        param.name(),
                        Param.text(rule.number(param.name())),
                        param.meaning(),
                        param.allowed());
            } else if (rule.params().containsKey(param.name())) {
                out.printf(
                        Locale.ROOT,
                        "  %s = %s%n",
                        param.name(),
                        Param.text(rule.number(param.name())));
            }
        }
    }

    private static @Nullable String mutedUntil(Rule rule) {
        Long until = rule.mutedUntil();
        return until == null || until <= System.currentTimeMillis()
                ? null
                : EventTimes.format(until);
    }
}
