package io.adstream.attribution;

import static org.awaitility.Awaitility.await;

import io.adstream.testing.ProjectRoot;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.Services;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The stored savepoints, and the program that makes one: that of the whole job after it has read
 * the first half of some journeys, at a time when clicks and matches are open. CONTRIBUTING.md says
 * how it is run, once per release.
 */
public final class AttributionSavepoints {

    static final Path FOLDER =
            ProjectRoot.resolve("jobs-attribution/src/test/resources/savepoints/attribution");

    /** When all of the journeys are over, with room for the bound of disorder. */
    static final Instant END;

    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofHours(12);
    private static final int CONVERSIONS = 300;

    static {
        END = START.plus(SPAN).plusSeconds(120);
    }

    private AttributionSavepoints() {}

    /**
     * Writes the savepoint of a release.
     *
     * @param args the version
     */
    public static void main(String[] args) throws Exception {
        String version = args[0];
        Path target = Files.createDirectories(FOLDER.resolve(version));
        FlinkCluster flink = FlinkCluster.with().slots(2).build();
        flink.open();
        AttributionJobRuns runs =
                new AttributionJobRuns(
                        flink,
                        Services.kafka(),
                        Services.redis(),
                        Services.postgres().newDatabase(),
                        prefix(version),
                        Files.createTempDirectory("adstream-fixture-"));
        runs.createTopics();
        RunningJob job = readFirstHalf(runs);
        // No transaction may be left to commit: the next broker will know nothing of it.
        job.awaitCheckpoints(3);
        Path savepoint = Path.of(URI.create(job.stopWithSavepoint()));
        try (Stream<Path> files = Files.list(savepoint)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        flink.close();
        System.exit(0); // the services' threads would go on
    }

    /** Starts the job and lets it read the first half. */
    static RunningJob readFirstHalf(AttributionJobRuns runs) {
        List<byte[]> all = records();
        List<byte[]> half = all.subList(0, all.size() / 2);
        RunningJob job = runs.start(null, 1, "hashmap").awaitRunning();
        runs.send(half);
        await("the first half to be read, with open matches and clicks")
                .atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                job.metricSum("receivedEvents") == half.size()
                                        && job.metricSum("openPartialMatches") > 0
                                        && job.metricSum("openClicks") > 0);
        return job;
    }

    static List<byte[]> secondHalf() {
        List<byte[]> all = records();
        return all.subList(all.size() / 2, all.size());
    }

    /** The same names for the same version, since they are part of its savepoint. */
    static String prefix(String version) {
        return "attribution-savepoint-" + version + "-";
    }

    private static List<byte[]> records() {
        return new Journeys(START, SPAN, CONVERSIONS, false, 41).records();
    }
}
