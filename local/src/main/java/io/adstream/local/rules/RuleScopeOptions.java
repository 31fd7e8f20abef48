package io.adstream.local.rules;

import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which rule is meant, and where. */
final class RuleScopeOptions {

    @Parameters(index = "0", paramLabel = "RULE", description = "The rule, such as click-flood.")
    private String rule = "";

    @Option(
            names = "--campaign",
            paramLabel = "ID",
            description = "Only of this campaign (default: everywhere).")
    private @Nullable String campaign;

    @Option(names = "--advertiser", paramLabel = "ID", description = "Only of this advertiser.")
    private @Nullable String advertiser;

    RuleId rule(CommandSpec spec) {
        RuleId id = RuleId.of(rule);
        if (id == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Unknown rule '"
                            + rule
                            + "'; allowed are "
                            + String.join(
                                    ", ", Arrays.stream(RuleId.values()).map(RuleId::id).toList())
                            + ".");
        }
        if (campaign != null && advertiser != null) {
            throw new ParameterException(
                    spec.commandLine(), "Give --campaign or --advertiser, not both.");
        }
        return id;
    }

    /**
     * The version that follows the one that is known, and is as that was. A first one of a campaign
     * or an advertiser is as the rule is everywhere: what is not said does not change.
     */
    Rule next(RuleId id, Map<String, Rule> known) {
        Rule.Scope scope =
                campaign != null
                        ? Rule.Scope.CAMPAIGN
                        : advertiser != null ? Rule.Scope.ADVERTISER : Rule.Scope.GLOBAL;
        String scopeId = campaign != null ? campaign : advertiser != null ? advertiser : "";
        Rule first = new Rule(id.id(), 1, scope, scopeId, new HashMap<>(), Rule.State.ACTIVE, null);
        Rule before = known.get(first.key());
        if (before == null) {
            Rule global = known.getOrDefault(Rule.builtIn(id).key(), Rule.builtIn(id));
            // Above the built-in version, so that alerts tell the two apart.
            return version(
                    new Rule(id.id(), 1, scope, scopeId, global.params(), global.state(), null), 2);
        }
        return version(before, before.version() + 1);
    }

    private static Rule version(Rule rule, int version) {
        return new Rule(
                rule.ruleId(),
                version,
                rule.scope(),
                rule.scopeId(),
                new HashMap<>(rule.params()),
                rule.state() == Rule.State.DELETED ? Rule.State.ACTIVE : rule.state(),
                rule.mutedUntil());
    }
}
