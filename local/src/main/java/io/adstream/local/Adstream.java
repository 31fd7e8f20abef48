package io.adstream.local;

import io.adstream.local.budget.BudgetCommand;
import io.adstream.local.rules.RulesCommand;
import io.adstream.local.traffic.TrafficCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code adstream} command. */
@Command(
        name = "adstream",
        description = "Runs adstream on this machine, and operates it.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            TrafficCommand.class,
            TopicsCommand.class,
            SubmitCommand.class,
            SavepointCommand.class,
            RulesCommand.class,
            BudgetCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        version = "adstream 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  JAVA_HOME           the JDK (17 or newer) to run with; else java on the PATH",
            "  ADSTREAM_DATA_DIR   where the data is kept (default: .adstream in the source tree)",
            "  ADSTREAM_CONF_DIR   the folder with the jobs' <job>.yaml (default: conf in the source tree)",
            "  ADSTREAM_NICE       how much TaskManagers let others go first, 0 to 19 (default 5)",
            "  ADSTREAM_BUILD      auto: build when sources changed (default); never; always",
            "  ADSTREAM_MAVEN_ARGS more arguments for the build, such as --offline",
            "  ADSTREAM_JAVA_OPTS  more options for the command's own JVM",
            "",
            "Exit codes: 0 done, 1 failed (the message says what and what to do), 2 wrong usage,"
                    + " 3 the system is not up, 130 interrupted with Ctrl-C."
        })
public final class Adstream implements Runnable {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command with all its sub-commands. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Adstream());
        commandLine.setExecutionExceptionHandler(new FailureHandler());
        commandLine.setParameterExceptionHandler(Adstream::wrongUsage);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setUsageHelpLongOptionsMaxWidth(30);
        return commandLine;
    }

    private static int wrongUsage(CommandLine.ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("adstream: " + wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println(
                    "Try ./" + command.getCommandSpec().qualifiedName() + " --help for its usage.");
        }
        return ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
    }
}
