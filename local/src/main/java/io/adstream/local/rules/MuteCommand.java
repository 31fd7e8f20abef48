package io.adstream.local.rules;

import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleRecord;
import io.adstream.common.time.EventTimes;
import io.adstream.local.ExitCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code adstream rules mute}. */
@Command(
        name = "mute",
        sortOptions = false,
        description = {
            "Tells nobody of a rule's alerts for a while.",
            "",
            "The alerts themselves go on: on topic alerts, in Redis and in alerts.alerts."
        })
final class MuteCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private RulesTarget target;
    @Mixin private RuleScopeOptions scope;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "1 h",
            description = "For how long, such as 30 min or 8 h (default: ${DEFAULT-VALUE}).")
    private String length = "1 h";

    @Option(names = "--off", description = "Not any more.")
    private boolean off;

    @Override
    public Integer call() {
        RuleId id = scope.rule(spec);
        Long until = off ? null : (Long) (System.currentTimeMillis() + length().toMillis());
        RulesTopic topic = target.topic();
        Rule next = muted(scope.next(id, topic.read()), until);
        topic.write(next);
        spec.commandLine()
                .getOut()
                .println(
                        target.json
                                ? RuleRecord.value(next)
                                : next.key()
                                        + (until == null
                                                ? " is not muted"
                                                : " is muted until " + EventTimes.format(until))
                                        + ", version "
                                        + next.version());
        return ExitCode.OK;
    }

    private Duration length() {
        try {
            Duration given = TimeUtils.parseDuration(length);
            if (!given.isZero()) {
                return given;
            }
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        throw refused(null);
    }

    private ParameterException refused(@Nullable Exception cause) {
        return new ParameterException(
                spec.commandLine(),
                "The value "
                        + length
                        + " is not allowed for --for; allowed is a duration such as"
                        + " 30 min or 8 h.",
                cause);
    }

    private static Rule muted(Rule rule, @Nullable Long until) {
        return new Rule(
                rule.ruleId(),
                rule.version(),
                rule.scope(),
                rule.scopeId(),
                rule.params(),
                rule.state(),
                until);
    }
}
