package io.adstream.local.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessWatchTest {

    @TempDir Path folder;

    private final List<String> said = new ArrayList<>();
    private final Set<Long> othersChildren = children();
    private Path pids;
    private ProcessWatch watch;

    @BeforeEach
    void start() throws IOException {
        pids = Files.createDirectory(folder.resolve("pids"));
        watch = new ProcessWatch(name -> pidFile(), said::add);
        watch.start("sleeper", attempt -> sleeper());
    }

    @AfterEach
    void stop() {
        own().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private PidFile pidFile() {
        return new PidFile(pids.resolve("sleeper"));
    }

    private ProcessSpec sleeper() {
        Path log = folder.resolve("sleeper.log");
        return new ProcessSpec("sleeper", List.of("sleep", "600"), Map.of(), log, log);
    }

    private void kill() throws Exception {
        long pid = pidFile().alive().orElseThrow().pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().orTimeout(30, SECONDS).join());
        Awaitility.await().until(() -> !watch.isAlive("sleeper"));
    }

    @Test
    void aProcessThatDiedIsStartedAgainAtOnce() throws Exception {
        kill();

        assertThat(watch.tend()).isTrue();

        assertThat(watch.isAlive("sleeper")).isTrue();
        assertThat(watch.restarts()).containsEntry("sleeper", 1);
        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("sleeper ended unexpectedly (signal 9); starting it again");
    }

    @Test
    void aProcessThatCannotBeNotedIsStoppedAndTriedAgain() throws Exception {
        kill();
        // As on a full disk: the pid file cannot be written.
        Path aside = Files.move(pids, folder.resolve("aside"));
        Files.createFile(pids);

        assertThat(watch.tend()).isFalse();

        assertThat(watch.isAlive("sleeper")).isFalse();
        assertThat(said.get(said.size() - 1))
                .startsWith("sleeper cannot be started again: " + pids.resolve("sleeper"))
                .endsWith("; trying again in 2 s");
        Awaitility.await().untilAsserted(() -> assertThat(own()).isEmpty());

        Files.delete(pids);
        Files.move(aside, pids);
        Awaitility.await().until(watch::tend);
        assertThat(watch.isAlive("sleeper")).isTrue();
        assertThat(pidFile().alive()).isPresent();
    }

    /** What the watch started and what still runs. */
    private Set<Long> own() {
        Set<Long> own = children();
        own.removeAll(othersChildren);
        return own;
    }

    private static Set<Long> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }
}
