package io.adstream.local;

import io.adstream.common.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a user why a command failed: a sentence, never a stack trace, which goes to a file. */
final class FailureHandler implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine commandLine, ParseResult arguments) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof CommandFailure known) {
            err.println("adstream: " + known.getMessage());
            return known.exitCode();
        }
        if (failure instanceof ConfigException known) {
            err.println("adstream: " + known.getMessage());
            return ExitCode.FAILURE;
        }
        err.println(
                "adstream: unexpected failure: "
                        + failure.getClass().getSimpleName()
                        + (failure.getMessage() == null ? "" : ": " + failure.getMessage())
                        + trace(failure, arguments.originalArgs()));
        return ExitCode.FAILURE;
    }

    private static String trace(Exception failure, List<String> arguments) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        try {
            Path file = Files.createTempFile("adstream-failure-", ".log");
            Files.writeString(
                    file, Instant.now() + " adstream " + String.join(" ", arguments) + "\n" + text);
            return "\n(all of it in " + file + "; please report it)";
        } catch (IOException e) {
            return "\n" + text;
        }
    }
}
