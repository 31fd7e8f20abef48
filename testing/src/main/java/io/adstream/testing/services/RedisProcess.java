package io.adstream.testing.services;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.RedisExecProvider;

/** A redis-server process. It starts empty every time unless its arguments turn persistence on. */
public final class RedisProcess implements RedisServer, KillableService {

    private final Path folder;
    private final boolean ownsFolder;
    private final List<String> extraArguments;
    private final int port = ServiceFiles.freePort();
    private @Nullable Process process;

    private RedisProcess(Path folder, boolean ownsFolder, List<String> extraArguments) {
        this.folder = folder.toAbsolutePath();
        this.ownsFolder = ownsFolder;
        this.extraArguments = extraArguments;
    }

    static RedisProcess in(Path folder, String... extraArguments) {
        RedisProcess redis = new RedisProcess(folder, false, List.of(extraArguments));
        redis.start();
        return redis;
    }

    static RedisProcess inTemporaryFolder() {
        RedisProcess redis =
                new RedisProcess(ServiceFiles.temporaryFolder("redis"), true, List.of());
        redis.start();
        return redis;
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
        List<String> command = new ArrayList<>();
        command.add(executable().getAbsolutePath());
        command.addAll(List.of("--port", String.valueOf(port)));
        command.addAll(List.of("--bind", "127.0.0.1"));
        command.addAll(List.of("--dir", folder.toString()));
        command.addAll(List.of("--save", ""));
        command.addAll(List.of("--appendonly", "no"));
        command.addAll(List.of("--enable-debug-command", "yes"));
        command.addAll(extraArguments);
        Path log = folder.resolve("redis.log");
        try {
            Files.createDirectories(folder);
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start redis-server in " + folder, e);
        }
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .failFast("redis-server ended", () -> !isRunning())
                    .until(this::answers);
        } catch (ConditionTimeoutException | org.awaitility.core.TerminalFailureException e) {
            throw new IllegalStateException(
                    "redis-server does not answer:\n" + ServiceFiles.endOf(log), e);
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
            throw new IllegalStateException("redis-server does not run");
        }
        return running.pid();
    }

    @Override
    public synchronized boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    @Override
    public void close() {
        kill();
        if (ownsFolder) {
            ServiceFiles.deleteFolder(folder);
        }
    }

    private boolean answers() {
        try (Jedis redis = connect()) {
            redis.ping();
            return true;
        } catch (JedisException e) {
            // A password may be demanded by the extra arguments: that is an answer too.
            String message = String.valueOf(e.getMessage());
            return message.contains("NOAUTH");
        }
    }

    private static File executable() {
        try {
            return RedisExecProvider.defaultProvider().get();
        } catch (IOException e) {
            throw new UncheckedIOException("no redis-server for this platform", e);
        }
    }
}
