package io.adstream.local.budget;

import io.adstream.local.HelpOption;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code adstream budget}. */
@Command(
        name = "budget",
        description = "Looks after the counters that ad servers keep of budgets.",
        subcommands = RepairCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class BudgetCommand implements Runnable {

    @Spec private CommandSpec spec;
    @Mixin HelpOption help;

    /** Made by picocli. */
    public BudgetCommand() {}

    @Override
    public void run() {
        CommandLine command = spec.commandLine();
        throw new ParameterException(command, "Name what to do: repair.");
    }
}
