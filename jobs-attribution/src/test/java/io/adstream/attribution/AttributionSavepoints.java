package io.adstream.attribution;

import static org.awaitility.Awaitility.await;

import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.flink.StoredSavepoints;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The stored savepoints of the job, after the first half of some journeys, at a time when clicks
 * and matches are open; and the program that adds one: testing/write-savepoint.
 */
public final class AttributionSavepoints {

    static final StoredSavepoints STORED = StoredSavepoints.of("attribution");

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
     * Adds the savepoint of a release.
     *
     * @param args the version
     */
    public static void main(String[] args) throws Exception {
        String prefix = STORED.prefix(args[0]);
        STORED.add(
                args[0],
                (flink, kafka, redis, database, folder) -> {
                    var runs =
                            new AttributionJobRuns(flink, kafka, redis, database, prefix, folder);
                    runs.createTopics();
                    return readFirstHalf(runs);
                });
        System.exit(0);
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

    private static List<byte[]> records() {
        return new Journeys(START, SPAN, CONVERSIONS, false, 41).records();
    }
}
