package io.adstream.local;

import picocli.CommandLine.Option;

/** The option that shows how a command is used. */
public final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
