package io.adstream.testing.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;

/** Kafka's own broker and controller in a JVM of its own. Its log survives kills and restarts. */
public final class KafkaProcess extends KafkaBroker implements KillableService {

    private final Path folder;
    private final int port = ServiceFiles.freePort();
    private final Path properties;
    private @Nullable Process process;

    private KafkaProcess(Path folder, List<String> extraProperties) {
        this.folder = folder.toAbsolutePath();
        List<String> lines = properties(port, ServiceFiles.freePort(), this.folder);
        lines.addAll(extraProperties);
        this.properties = KafkaStorage.format(this.folder, lines);
    }

    static KafkaProcess in(Path folder, List<String> extraProperties) {
        KafkaProcess kafka = new KafkaProcess(folder, extraProperties);
        kafka.start();
        return kafka;
    }

    @Override
    public String bootstrapServers() {
        return host() + ":" + port;
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        Path log = folder.resolve("broker.log");
        try {
            process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xms64m",
                                    "-Xmx256m",
                                    "-XX:+UseSerialGC",
                                    "-cp",
                                    classPath(),
                                    "kafka.Kafka",
                                    properties.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a broker in " + folder, e);
        }
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(250))
                    .failFast("the broker ended", () -> !isRunning())
                    .until(this::answers);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new IllegalStateException(
                    "the broker does not answer:\n" + ServiceFiles.endOf(log), e);
        }
    }

    @Override
    public synchronized void stop() {
        Process running = process;
        if (running != null) {
            ProcessTree.resume(running.pid());
            running.destroy();
            ProcessTree.awaitExit(running.toHandle());
            process = null;
        }
    }

    @Override
    public synchronized void kill() {
        Process running = process;
        if (running != null) {
            ProcessTree.kill(running.pid());
            process = null;
        }
    }

    @Override
    public void pause() {
        ProcessTree.pause(pid());
    }

    @Override
    public void resume() {
        ProcessTree.resume(pid());
    }

    @Override
    public synchronized long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("the broker does not run");
        }
        return running.pid();
    }

    @Override
    public synchronized boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Kills the broker; the folder, being the caller's, stays. */
    @Override
    public void close() {
        kill();
        closeClients();
    }

    private boolean answers() throws InterruptedException {
        try (Admin probe =
                Admin.create(
                        Map.of(
                                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers(),
                                CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                                200))) {
            return !probe.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** The test's own class path; Surefire hides it behind a jar, which does as well. */
    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
