package io.adstream.local.flink;

import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Deletes the state of earlier runs of a job once the present run has enough of its own. A job
 * never refers to the state of an earlier run after its first checkpoint, and Flink, which was not
 * given that state to own, never deletes it. Savepoints that the user took stay.
 */
public final class StateJanitor {

    /** As many as Flink retains. */
    private static final int ENOUGH = 3;

    private final DataDir data;

    public StateJanitor(DataDir data) {
        this.data = data;
    }

    /** Tidies up behind a job that runs under this id. */
    public void tidy(String job, String id) throws IOException {
        Path checkpoints = data.checkpoints(job);
        List<RetainedState> present = RetainedState.in(checkpoints.resolve(id));
        if (present.size() < ENOUGH) {
            return;
        }
        for (Path run : children(checkpoints)) {
            if (!run.getFileName().toString().equals(id)) {
                data.delete(run);
            }
        }
        RetainedState oldest = present.get(present.size() - 1);
        for (RetainedState savepoint : RetainedState.in(data.stopSavepoints(job))) {
            if (savepoint.completed().compareTo(oldest.completed()) < 0) {
                data.delete(savepoint.folder());
            }
        }
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
