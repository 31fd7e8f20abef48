package io.adstream.local.traffic;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Which options of the traffic command have a meaning together. */
final class OptionCombinations {

    private static final List<String> OF_SIMULATION =
            List.of(
                    "--rate",
                    "--seed",
                    "--start",
                    "--scenario",
                    "--scenario-after",
                    "--out",
                    "--commerce-out",
                    "--labels",
                    "--ads",
                    "--campaigns",
                    "--advertisers",
                    "--users",
                    "--zipf",
                    "--daily-curve",
                    "--commerce-share",
                    "--duplicates",
                    "--disordered",
                    "--max-disorder",
                    "--amending",
                    "--late",
                    "--broken",
                    "--clean",
                    "--no-ad-server",
                    "--drift",
                    "--redis");

    private static final List<String> OF_REPLAY = List.of("--topic", "--shift-to-now", "--force");

    private static final List<String> OF_FAULTS =
            List.of(
                    "--duplicates",
                    "--disordered",
                    "--max-disorder",
                    "--amending",
                    "--late",
                    "--broken");

    private final CommandLine line;

    /**
     * @param line the command as it was given
     */
    OptionCombinations(CommandLine line) {
        this.line = line;
    }

    /**
     * Refuses what contradicts itself.
     *
     * @throws ParameterException that names the option and says why
     */
    void check(boolean replay, boolean intoFile, boolean adServer, long events, boolean clean) {
        if (replay) {
            refuse(OF_SIMULATION, "is of the simulation and has no meaning with --from");
        } else {
            refuse(OF_REPLAY, "needs --from FILE");
        }
        if (intoFile || !adServer) {
            refuse(List.of("--drift"), "needs an ad server");
        }
        if (!intoFile) {
            refuse(List.of("--commerce-out"), "needs --out FILE");
        } else if (events == 0) {
            throw usage("--out needs --events N: a file has to end.");
        }
        if (clean) {
            refuse(OF_FAULTS, "contradicts --clean");
        }
        if (events < 0) {
            throw usage(
                    "The value " + events + " is not allowed for --events; allowed is 1 or more.");
        }
    }

    private void refuse(List<String> options, String reason) {
        for (String option : options) {
            if (line.getParseResult().hasMatchedOption(option)) {
                throw usage("The option " + option + " " + reason + ".");
            }
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(line, message);
    }
}
