package io.adstream.local.flink;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.local.CommandFailure;
import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job beside the cluster, kept in a file.
 *
 * @param name the job's short name
 * @param id the id under which it was submitted last; null where it never was
 * @param wanted whether it should run now
 * @param restoredFrom the checkpoint or savepoint that it was submitted with; null where none
 * @param notBefore when the user had it begin anew, or from a state of the user's choice: what was
 *     completed before is not its state; epoch ms, 0 where that never happened
 */
public record JobRecord(
        String name,
        @Nullable String id,
        boolean wanted,
        @Nullable String restoredFrom,
        long notBefore) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the record; empty where there is none or it cannot be read. */
    public static Optional<JobRecord> read(Path file) {
        try {
            return Optional.of(JSON.readValue(file.toFile(), JobRecord.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The records of all jobs that a file is kept for. */
    public static List<JobRecord> all(DataDir data) {
        String[] files = data.jobs().toFile().list((directory, name) -> name.endsWith(".json"));
        return files == null
                ? List.of()
                : Stream.of(files)
                        .sorted()
                        .map(file -> read(data.jobs().resolve(file)))
                        .flatMap(Optional::stream)
                        .toList();
    }

    public void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".next");
            JSON.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), this);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** The same job, no longer meant to run. */
    public JobRecord unwanted() {
        return new JobRecord(name, id, false, restoredFrom, notBefore);
    }

    /** The same job, meant to run. */
    public JobRecord wantedAgain() {
        return new JobRecord(name, id, true, restoredFrom, notBefore);
    }
}
