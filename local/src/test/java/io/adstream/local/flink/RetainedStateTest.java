package io.adstream.local.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.local.system.DataDir;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedStateTest {

    @TempDir Path folder;

    @Test
    void findsTheNewestFirstAmongRunsAndSavepoints() throws IOException {
        Path first = checkpoint("checkpoints/metrics/aaaa/chk-1", 1, 10);
        Path second = checkpoint("checkpoints/metrics/bbbb/chk-2", 2, 30);
        Path savepoint = checkpoint("savepoints/metrics/on-stop/savepoint-1", 3, 20);
        Files.createDirectories(folder.resolve("checkpoints/metrics/bbbb/chk-3"));

        assertThat(states())
                .extracting(RetainedState::folder)
                .containsExactly(second, savepoint, first);
        assertThat(states().get(0).damage()).isEmpty();
    }

    @Test
    void seesThatAStateFileIsCutOffOrMissing() throws IOException {
        Path state = checkpoint("checkpoints/metrics/aaaa/chk-1", 1, 10);
        Path file = state.resolve("state-file");
        byte[] whole = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThat(states().get(0).damage()).contains("its file state-file is cut off");

        Files.delete(file);
        assertThat(states().get(0).damage()).contains("its file state-file is missing");
    }

    @Test
    void seesThatTheMetadataAreTruncatedAtAnyByte() throws IOException {
        Path metadata = checkpoint("checkpoints/metrics/aaaa/chk-1", 1, 10).resolve("_metadata");
        byte[] whole = Files.readAllBytes(metadata);
        // The last bytes are the properties, which Flink reads leniently.
        for (int length = 0; length < whole.length / 2; length++) {
            Files.write(metadata, Arrays.copyOf(whole, length));
            assertThat(states().get(0).damage()).as("cut at %d", length).isPresent();
        }
    }

    @Test
    void tidiesUpBehindARunOnlyWhenItHasEnoughOfItsOwn() throws IOException {
        DataDir data = new DataDir(folder);
        Path old = checkpoint("flink/checkpoints/metrics/aaaa/chk-9", 9, 10);
        Path stop = checkpoint("flink/savepoints/metrics/on-stop/savepoint-1", 10, 20);
        Path kept = checkpoint("flink/savepoints/metrics/savepoint-2", 10, 20);
        checkpoint("flink/checkpoints/metrics/bbbb/chk-11", 11, 30);
        checkpoint("flink/checkpoints/metrics/bbbb/chk-12", 12, 40);
        StateJanitor janitor = new StateJanitor(data);

        janitor.tidy("metrics", "bbbb");
        assertThat(old).exists();
        assertThat(stop).exists();

        checkpoint("flink/checkpoints/metrics/bbbb/chk-13", 13, 50);
        janitor.tidy("metrics", "bbbb");
        assertThat(old.getParent()).doesNotExist();
        assertThat(stop).doesNotExist();
        assertThat(kept).exists();
        assertThat(folder.resolve("flink/checkpoints/metrics/bbbb/chk-11")).exists();
    }

    private List<RetainedState> states() {
        return RetainedState.in(
                folder.resolve("checkpoints/metrics"), folder.resolve("savepoints/metrics"));
    }

    /** A checkpoint of one operator with one file, as Flink writes it. */
    private Path checkpoint(String relative, long id, long completedSecond) throws IOException {
        Path path = folder.resolve(relative);
        Files.createDirectories(path);
        Path file = Files.write(path.resolve("state-file"), new byte[] {1, 2, 3, 4});
        Map<String, OperatorStateHandle.StateMetaInfo> offsets = new HashMap<>();
        offsets.put(
                "offsets",
                new OperatorStateHandle.StateMetaInfo(
                        new long[] {0}, OperatorStateHandle.Mode.SPLIT_DISTRIBUTE));
        OperatorState operator =
                new OperatorState("source", "source", new OperatorID(1, 2), 1, 128);
        operator.putState(
                0,
                OperatorSubtaskState.builder()
                        .setManagedOperatorState(
                                new OperatorStreamStateHandle(
                                        offsets,
                                        new FileStateHandle(
                                                new org.apache.flink.core.fs.Path(
                                                        FlinkPaths.uri(file)),
                                                4)))
                        .build());
        Path metadata = path.resolve("_metadata");
        try (OutputStream output = Files.newOutputStream(metadata)) {
            Checkpoints.storeCheckpointMetadata(
                    new CheckpointMetadata(id, List.of(operator), List.of()), output);
        }
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(completedSecond * 1000));
        return path;
    }
}
