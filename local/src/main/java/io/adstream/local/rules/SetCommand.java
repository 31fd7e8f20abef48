package io.adstream.local.rules;

import io.adstream.anomaly.rule.Param;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleRecord;
import io.adstream.local.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adstream rules set}. */
@Command(
        name = "set",
        sortOptions = false,
        description = {
            "Sets a rule: a new version, in force within two seconds in every subtask.",
            "",
            "What is not named stays as it was. ./adstream rules list --params shows what there is."
        })
final class SetCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private RulesTarget target;
    @Mixin private RuleScopeOptions scope;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME=VALUE",
            description = "Parameters; NAME= goes back to the built-in value.")
    private List<String> assignments = new ArrayList<>();

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description =
                    "active; shadow: incidents are kept in anomaly.shadow_alerts and nobody is told;"
                            + " paused; deleted: the next wider scope is in force.")
    private Rule.@Nullable State state;

    @Override
    public Integer call() {
        RuleId id = scope.rule(spec);
        if (!id.isJudgedHere()) {
            throw new ParameterException(
                    spec.commandLine(),
                    id.id() + " is a rule of the budget job: it can be muted, not set.");
        }
        RulesTopic topic = target.topic();
        Map<String, Rule> known = topic.read();
        Rule next = scope.next(id, known);
        for (String assignment : assignments) {
            assign(id, assignment, next.params());
        }
        if (state != null) {
            next =
                    new Rule(
                            next.ruleId(),
                            next.version(),
                            next.scope(),
                            next.scopeId(),
                            next.params(),
                            state,
                            next.mutedUntil());
        }
        topic.write(next);
        spec.commandLine()
                .getOut()
                .println(
                        target.json
                                ? RuleRecord.value(next)
                                : next.key()
                                        + " is "
                                        + next.state()
                                        + ", version "
                                        + next.version());
        return ExitCode.OK;
    }

    private void assign(RuleId id, String assignment, Map<String, Double> params) {
        int equals = assignment.indexOf('=');
        String name = equals < 0 ? assignment : assignment.substring(0, equals);
        Param param = id.param(name);
        if (equals < 0 || param == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'"
                            + assignment
                            + "' is no NAME=VALUE of "
                            + id.id()
                            + "; it has "
                            + String.join(", ", id.params().stream().map(Param::name).toList())
                            + ".");
        }
        String text = assignment.substring(equals + 1);
        if (text.isEmpty()) {
            params.remove(name);
            return;
        }
        try {
            double value = Double.parseDouble(text);
            if (param.allows(value)) {
                params.put(name, value);
                return;
            }
        } catch (NumberFormatException e) {
            throw refused(param, text, e);
        }
        throw refused(param, text, null);
    }

    private ParameterException refused(Param param, String text, @Nullable Exception cause) {
        return new ParameterException(
                spec.commandLine(),
                "The value "
                        + text
                        + " is not allowed for "
                        + param.name()
                        + "; allowed is "
                        + param.allowed()
                        + ".",
                cause);
    }
}
