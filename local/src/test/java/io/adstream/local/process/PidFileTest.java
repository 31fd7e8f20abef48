package io.adstream.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {

    @TempDir Path folder;

    private Path path;
    private PidFile file;

    @BeforeEach
    void name() {
        path = folder.resolve("pids").resolve("kafka");
        file = new PidFile(path);
    }

    @Test
    void recognisesTheProcessThatWasNoted() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        file.write(self);

        assertThat(file.read()).contains(self);
        assertThat(file.alive()).contains(self);
    }

    @Test
    void doesNotTakeARecycledPidForTheProcess() {
        long pid = ProcessHandle.current().pid();
        file.write(new ProcessIdentity(pid, "another boot:1"));

        assertThat(file.read()).isPresent();
        assertThat(file.alive()).isEmpty();
    }

    @Test
    void stoppingARecycledPidHarmsNobody() {
        ProcessIdentity another =
                new ProcessIdentity(ProcessHandle.current().pid(), "another boot:1");

        assertThat(Stopper.stop(another, StopSignal.TERM, Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void findsNothingWithoutFileOrInAGarbledOne() throws IOException {
        assertThat(file.alive()).isEmpty();

        Files.createDirectories(path.getParent());
        Files.writeString(path, "no number\nx\n");
        assertThat(file.alive()).isEmpty();
        Files.writeString(path, "");
        assertThat(file.alive()).isEmpty();
    }

    @Test
    void seesThatAProcessHasEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
        assertThat(identity.isAlive()).isTrue();

        assertThat(Stopper.stop(identity, StopSignal.TERM, Duration.ofSeconds(10))).isTrue();
        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void killsAProcessThatIgnoresTheRequest() throws Exception {
        Process process =
                new ProcessBuilder(
                                "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
                        .start();
        assertThat(process.getInputStream().read()).isEqualTo('r');
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();

        assertThat(Stopper.stop(identity, StopSignal.TERM, Duration.ofMillis(300))).isFalse();
        assertThat(identity.isAlive()).isFalse();
    }
}
