package io.adstream.local.flink;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;

/**
 * A completed checkpoint or savepoint on disk.
 *
 * @param folder the folder with its {@code _metadata}
 * @param completed when it was complete
 */
public record RetainedState(Path folder, FileTime completed) {

    private static final String METADATA = "_metadata";

    /** {@code <job>/<id>/chk-7/_metadata}, {@code <job>/on-stop/savepoint-ab/_metadata}. */
    private static final int DEPTH = 4;

    /** All completed checkpoints and savepoints below these folders, the newest first. */
    public static List<RetainedState> in(Path... folders) {
        return Stream.of(folders)
                .filter(Files::isDirectory)
                .flatMap(RetainedState::below)
                .sorted(Comparator.comparing(RetainedState::completed).reversed())
                .toList();
    }

    private static Stream<RetainedState> below(Path folder) {
        try (Stream<Path> files =
                Files.find(
                        folder,
                        DEPTH,
                        (path, attributes) ->
                                attributes.isRegularFile()
                                        && path.getFileName().toString().equals(METADATA))) {
            List<RetainedState> found =
                    files.map(file -> new RetainedState(file.getParent(), modified(file))).toList();
            return found.stream();
        } catch (IOException | UncheckedIOException e) {
            // Flink deletes subsumed checkpoints meanwhile.
            return Stream.empty();
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** A short name for messages, as {@code chk-7} or {@code savepoint-ab12}. */
    public String name() {
        return folder.getFileName().toString();
    }

    /** What is damaged: metadata that cannot be read, or a file that is missing or cut off. */
    public Optional<String> damage() {
        CheckpointMetadata metadata;
        try (DataInputStream input =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(folder.resolve(METADATA))))) {
            metadata =
                    Checkpoints.loadCheckpointMetadata(
                            input,
                            Thread.currentThread().getContextClassLoader(),
                            FlinkPaths.uri(folder));
        } catch (IOException | RuntimeException e) {
            // A cut or altered file makes Flink's reader fail in many ways.
            return Optional.of("its metadata cannot be read");
        }
        for (OperatorState operator : metadata.getOperatorStates()) {
            for (OperatorSubtaskState subtask : operator.getStates()) {
                Optional<String> damage =
                        Stream.of(
                                        subtask.getManagedKeyedState(),
                                        subtask.getRawKeyedState(),
                                        subtask.getManagedOperatorState(),
                                        subtask.getRawOperatorState())
                                .flatMap(states -> states.stream())
                                .flatMap(RetainedState::files)
                                .map(RetainedState::damage)
                                .flatMap(Optional::stream)
                                .findFirst();
                if (damage.isPresent()) {
                    return damage;
                }
            }
        }
        return Optional.empty();
    }

    private static Stream<StreamStateHandle> files(StateObject state) {
        if (state instanceof IncrementalRemoteKeyedStateHandle incremental) {
            return Stream.concat(
                    Stream.of(incremental.getMetaDataStateHandle()),
                    Stream.concat(
                                    incremental.getSharedState().stream(),
                                    incremental.getPrivateState().stream())
                            .map(file -> file.getHandle()));
        }
        if (state instanceof KeyGroupsStateHandle groups) {
            return Stream.of(groups.getDelegateStateHandle());
        }
        if (state instanceof OperatorStateHandle operator) {
            return Stream.of(operator.getDelegateStateHandle());
        }
        return Stream.empty();
    }

    private static Optional<String> damage(StreamStateHandle handle) {
        if (!(handle instanceof FileStateHandle file)) {
            return Optional.empty();
        }
        Path path = FlinkPaths.path(file.getFilePath().getPath());
        try {
            return Files.size(path) == file.getStateSize()
                    ? Optional.empty()
                    : Optional.of("its file " + path.getFileName() + " is cut off");
        } catch (IOException e) {
            return Optional.of("its file " + path.getFileName() + " is missing");
        }
    }
}
