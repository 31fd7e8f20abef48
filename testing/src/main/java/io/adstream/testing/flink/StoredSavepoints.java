package io.adstream.testing.flink;

import io.adstream.testing.ProjectRoot;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.Services;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The savepoints of a job's released versions, in {@code src/test/resources/savepoints} of its
 * module. Each is that of the whole job after it has read some records. It never changes, and
 * neither do those records: a later version is held to restoring it and going on.
 */
public final class StoredSavepoints {

    private final Path folder;
    private final String topicPrefix;

    private StoredSavepoints(Path folder, String topicPrefix) {
        this.folder = folder;
        this.topicPrefix = topicPrefix;
    }

    /** Those of a job, such as {@code metrics}. */
    public static StoredSavepoints of(String job) {
        return of(job, job + "-savepoint-");
    }

    /**
     * Those of a job whose topics are named otherwise.
     *
     * @param topicPrefix what the names of topics begin with, before the version
     */
    public static StoredSavepoints of(String job, String topicPrefix) {
        return new StoredSavepoints(
                ProjectRoot.resolve("jobs-" + job + "/src/test/resources/savepoints/" + job),
                topicPrefix);
    }

    /** The versions that there are. */
    public List<String> versions() {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.map(version -> version.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException("no savepoints in " + folder, e);
        }
    }

    /** What the names of a version's topics begin with: they are part of its savepoint. */
    public String prefix(String version) {
        return topicPrefix + version + "-";
    }

    /** Where a version's savepoint is. */
    public String uri(String version) {
        return folder.resolve(version).toUri().toString();
    }

    /** Runs a job up to where its savepoint is taken. */
    public interface Beginning {

        /**
         * Starts the job and returns when it has read what the savepoint is to hold.
         *
         * @param folder for the job's files
         */
        RunningJob run(
                FlinkCluster flink,
                KafkaBroker kafka,
                RedisServer redis,
                TestDatabase database,
                Path folder)
                throws Exception;
    }

    /** Adds the savepoint of a version. The threads of the servers then keep the JVM alive. */
    public void add(String version, Beginning beginning) throws Exception {
        Path target = Files.createDirectories(folder.resolve(version));
        FlinkCluster flink = FlinkCluster.with().slots(2).build();
        flink.open();
        RunningJob job =
                beginning.run(
                        flink,
                        Services.kafka(),
                        Services.redis(),
                        Services.postgres().newDatabase(),
                        Files.createTempDirectory("adstream-savepoint-"));
        // No transaction may be left to commit: the next broker will know nothing of it.
        job.awaitCheckpoints(3);
        Path savepoint = Path.of(URI.create(job.stopWithSavepoint()));
        try (Stream<Path> files = Files.list(savepoint)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        flink.close();
    }
}
