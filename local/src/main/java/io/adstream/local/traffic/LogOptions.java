package io.adstream.local.traffic;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a user's own log. */
final class LogOptions {

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Replay a log: one JSON record per line, plain or gzip. Lines that are not JSON"
                            + " are sent as they are.")
    @Nullable Path from;

    @Option(
            names = "--topic",
            paramLabel = "T",
            defaultValue = "ad-events",
            description =
                    "With --from: where to; commerce-events for a shop's log (default:"
                            + " ${DEFAULT-VALUE}).")
    String topic = "ad-events";

    @Option(
            names = "--shift-to-now",
            description =
                    "With --from: move event times by whole seconds so that at speed 1 the first"
                            + " record is now, faster the last one is. Nothing else of a record"
                            + " changes.")
    boolean shiftToNow;

    @Option(
            names = "--force",
            description = "With --from: send even if every record would be LATE.")
    boolean force;
}
