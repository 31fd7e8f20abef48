package io.adstream.local;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs the command in this JVM and keeps what the last run printed. */
final class CommandRun {

    private String out = "";
    private String err = "";

    int exitCode(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter complained = new StringWriter();
        CommandLine commandLine = Adstream.commandLine();
        commandLine.setOut(new PrintWriter(printed));
        commandLine.setErr(new PrintWriter(complained));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = commandLine.execute(arguments);
        out = printed.toString();
        err = complained.toString();
        return code;
    }

    String out() {
        return out;
    }

    String err() {
        return err;
    }
}
