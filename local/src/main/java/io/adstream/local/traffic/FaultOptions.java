package io.adstream.local.traffic;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of what goes wrong with records on their way. */
final class FaultOptions {

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            defaultValue = "0.01",
            description =
                    "Records sent again up to 3 min later, half of them to another partition"
                            + " (default: ${DEFAULT-VALUE}).")
    double duplicates;

    @Option(
            names = "--disordered",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Events sent some time after they happen (default: ${DEFAULT-VALUE}).")
    double disordered;

    @Option(
            names = "--max-disorder",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationText.class,
            description = "At most so long after (default: ${DEFAULT-VALUE}).")
    Duration maxDisorder = Duration.ofSeconds(10);

    @Option(
            names = "--amending",
            paramLabel = "SHARE",
            defaultValue = "0.002",
            description =
                    "Records 80 to 240 s old: late, but within the allowed lateness, so that they"
                            + " amend a closed minute (default: ${DEFAULT-VALUE}).")
    double amending;

    @Option(
            names = "--late",
            paramLabel = "SHARE",
            defaultValue = "0.001",
            description =
                    "Records 30 to 50 min old, from 2 min after the start on: LATE. At speed max and"
                            + " into files from 400,000 records on (the second half of a shorter run),"
                            + " and older where the rate is low, since a backlog is read unevenly"
                            + " (default: ${DEFAULT-VALUE}).")
    double late;

    @Option(
            names = "--broken",
            paramLabel = "SHARE",
            defaultValue = "0.001",
            description =
                    "Records that must be rejected, every code alike (default: ${DEFAULT-VALUE}).")
    double broken;

    @Option(
            names = "--clean",
            description =
                    "No duplicate, disordered, amending, late or broken records. Not with the"
                            + " options of those shares.")
    boolean clean;

    void applyTo(SimulationOptions.Builder builder) {
        if (clean) {
            builder.clean();
            return;
        }
        builder.duplicates(duplicates)
                .disordered(disordered)
                .maxDisorder(maxDisorder)
                .amending(amending)
                .late(late)
                .broken(broken);
    }
}
