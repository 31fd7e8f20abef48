package io.adstream.testing.services;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server in processes of its own. Its data survives kills and restarts. */
public final class PostgresProcess extends PostgresServer implements KillableService {

    private final Path folder;
    private final boolean ownsFolder;
    private final int port = ServiceFiles.freePort();
    private @Nullable EmbeddedPostgres server;
    private boolean killed;

    private PostgresProcess(Path folder, boolean ownsFolder) {
        this.folder = folder.toAbsolutePath();
        this.ownsFolder = ownsFolder;
    }

    static PostgresProcess in(Path folder) {
        PostgresProcess postgres = new PostgresProcess(folder, false);
        postgres.start();
        return postgres;
    }

    static PostgresProcess inTemporaryFolder() {
        PostgresProcess postgres =
                new PostgresProcess(ServiceFiles.temporaryFolder("postgres"), true);
        postgres.start();
        return postgres;
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
    public String user() {
        return "postgres";
    }

    @Override
    public String password() {
        return "postgres";
    }

    @Override
    public synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            server =
                    EmbeddedPostgres.builder()
                            .setOverrideWorkingDirectory(binaries().toFile())
                            .setDataDirectory(data())
                            .setCleanDataDirectory(false)
                            .setRegisterShutdownHook(false)
                            .setPort(port)
                            .setPGStartupWait(Duration.ofSeconds(60))
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("timezone", "UTC")
                            // A killed server loses nothing by these two: only a power cut would.
                            .setServerConfig("fsync", "off")
                            .setServerConfig("full_page_writes", "off")
                            // The library's default, off, loses committed rows in a kill.
                            .setServerConfig("synchronous_commit", "on")
                            .start();
            killed = false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PostgreSQL in " + folder, e);
        }
    }

    @Override
    public synchronized void stop() {
        EmbeddedPostgres running = server;
        if (running != null) {
            if (!killed) {
                ProcessTree.resume(pid());
            }
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot stop PostgreSQL in " + folder, e);
            }
            server = null;
        }
    }

    @Override
    public synchronized void kill() {
        if (server != null) {
            ProcessTree.kill(pid());
            killed = true;
            stop();
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
    public long pid() {
        try {
            return Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).get(0));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL does not run", e);
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return server != null && ProcessHandle.of(pid()).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public void close() {
        kill();
        if (ownsFolder) {
            ServiceFiles.deleteFolder(folder);
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** The unpacked binaries: shared by all JVMs of a user, since unpacking takes seconds. */
    private static Path binaries() {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "adstream-postgres-binaries-" + System.getProperty("user.name"));
    }
}
