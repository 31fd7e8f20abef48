package io.adstream.local.rules;

import io.adstream.local.HelpOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code adstream rules}. */
@Command(
        name = "rules",
        description = "Shows and changes the rules of alerts while the job runs.",
        subcommands = {ListCommand.class, SetCommand.class, MuteCommand.class},
        synopsisSubcommandLabel = "(list | set | mute)")
public final class RulesCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;

    /** Made by picocli. */
    public RulesCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: rules list, rules set, or rules mute.");
    }
}
