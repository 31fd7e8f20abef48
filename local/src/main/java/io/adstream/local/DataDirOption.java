package io.adstream.local;

import io.adstream.local.install.Installation;
import io.adstream.local.system.DataDir;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which system is meant. */
public final class DataDirOption {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "The system's data directory (default: $ADSTREAM_DATA_DIR, else .adstream in the"
                            + " source tree).")
    private @Nullable Path given;

    /** The data directory, whether it exists or not. */
    public DataDir dataDir() {
        if (given != null) {
            return new DataDir(given);
        }
        String variable = System.getenv("ADSTREAM_DATA_DIR");
        return new DataDir(
                variable == null || variable.isBlank()
                        ? Installation.current().root().resolve(".adstream")
                        : Path.of(variable));
    }
}
