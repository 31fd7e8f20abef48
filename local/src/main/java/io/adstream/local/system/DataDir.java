package io.adstream.local.system;

import io.adstream.local.CommandFailure;
import io.adstream.local.process.PidFile;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory with everything that one system keeps: data of each service, checkpoints, logs, pid
 * files.
 *
 * @param root the directory itself
 */
public record DataDir(Path root) {

    /** Marks a directory as one of ours, so that {@code --fresh} never empties another. */
    private static final String MARKER = ".adstream-data";

    /** What {@code --fresh} deletes. */
    private static final List<String> DATA =
            List.of("kafka", "redis", "postgres", "flink", "jobs", "secrets", "run", "state.json");

    private static final long MEBIBYTE = 1L << 20;
    private static final long NEEDED_MEBIBYTES = 1024;

    public DataDir {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * Makes the directory where it is missing, and checks that it can be worked in.
     *
     * @throws CommandFailure where it is not ours, not writable, or on a full disk
     */
    public void prepare() {
        try {
            if (Files.isDirectory(root) && !Files.exists(marker()) && !isEmpty()) {
                throw new CommandFailure(
                        root
                                + " holds other files and is no data directory of adstream; choose"
                                + " an empty or a new one with --data-dir.");
            }
            Files.createDirectories(root);
            requireSpace();
            Files.writeString(marker(), "adstream 1\n");
            Files.createDirectories(logs());
            Files.createDirectories(run());
        } catch (IOException e) {
            throw new CommandFailure(
                    "The data directory "
                            + root
                            + " cannot be written ("
                            + reason(e)
                            + "); check who owns it, or choose another with --data-dir.",
                    e);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    private void requireSpace() throws IOException {
        FileStore store = Files.getFileStore(root);
        long free = store.getUsableSpace() / MEBIBYTE;
        if (free < NEEDED_MEBIBYTES) {
            throw new CommandFailure(
                    "The disk is nearly full: "
                            + free
                            + " MiB are free where "
                            + root
                            + " is, "
                            + NEEDED_MEBIBYTES
                            + " MiB are needed; free some space, or choose another disk with"
                            + " --data-dir.");
        }
    }

    /** Space left on the disk, in MiB; null where that cannot be told. */
    public @Nullable Long freeMebibytes() {
        try {
            return Files.getFileStore(root).getUsableSpace() / MEBIBYTE;
        } catch (IOException e) {
            return null;
        }
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.findAny().isEmpty();
        }
    }

    /** Whether a system was ever started here. */
    public boolean exists() {
        return Files.exists(marker());
    }

    /** Deletes all data; logs stay. */
    public void empty() {
        try {
            for (String name : DATA) {
                delete(root.resolve(name));
            }
            Files.createDirectories(run());
        } catch (IOException e) {
            throw new CommandFailure(root + " cannot be emptied: " + e.getMessage(), e);
        }
    }

    /** Deletes a file or folder below this directory with all in it; absent is fine. */
    public void delete(Path path) throws IOException {
        if (!path.normalize().startsWith(root) || path.normalize().equals(root)) {
            throw new IllegalArgumentException(path + " is not below " + root);
        }
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
                            throws IOException {
                        Files.deleteIfExists(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** Makes a folder below this directory anew, empty. */
    public void renew(Path folder) {
        try {
            delete(folder);
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CommandFailure(folder + " cannot be emptied: " + e.getMessage(), e);
        }
    }

    private Path marker() {
        return root.resolve(MARKER);
    }

    public Path lockFile() {
        return root.resolve("lock");
    }

    public Path stateFile() {
        return root.resolve("state.json");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** What a process logs. */
    public Path log(String process) {
        return logs().resolve(process + ".log");
    }

    /** What a process prints beside its log. */
    public Path output(String process) {
        return logs().resolve(process + ".out");
    }

    public PidFile pidFile(String process) {
        return new PidFile(root.resolve("pids").resolve(process));
    }

    /** Files written anew at each start. */
    public Path run() {
        return root.resolve("run");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path redis() {
        return root.resolve("redis");
    }

    public Path postgres() {
        return root.resolve("postgres");
    }

    /** The file with the password of PostgreSQL's user; readable by the owner alone. */
    public Path postgresPasswordFile() {
        return root.resolve("secrets").resolve("postgres-password");
    }

    /** The file with the password of the dashboard's login in PostgreSQL. */
    public Path dashboardPasswordFile() {
        return root.resolve("secrets").resolve("dashboard-postgres-password");
    }

    public Path flinkConf() {
        return run().resolve("flink-conf");
    }

    public Path flinkTemporary() {
        return root.resolve("flink").resolve("tmp");
    }

    /** Where a job's checkpoints are, in a folder for each id that it ran under. */
    public Path checkpoints(String job) {
        return root.resolve("flink").resolve("checkpoints").resolve(job);
    }

    /** Where a job's savepoints are. */
    public Path savepoints(String job) {
        return root.resolve("flink").resolve("savepoints").resolve(job);
    }

    /** Where the savepoints are that stopping a job leaves; they go when a later one is there. */
    public Path stopSavepoints(String job) {
        return savepoints(job).resolve("on-stop");
    }

    /** Where a file is kept for each job. */
    public Path jobs() {
        return root.resolve("jobs");
    }

    /** What is known of a job between starts. */
    public Path jobFile(String job) {
        return jobs().resolve(job + ".json");
    }
}
