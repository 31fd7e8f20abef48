package io.adstream.features;

import static org.awaitility.Awaitility.await;

import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.flink.StoredSavepoints;
import io.adstream.testing.oracle.ExpectedFeatures;
import io.adstream.testing.oracle.FeaturesBatch;
import io.adstream.testing.oracle.FeaturesComparison;
import io.adstream.testing.services.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import redis.clients.jedis.Jedis;

/**
 * The stored savepoints of the job, after the first half of what some people do, when hours,
 * sessions and signals are open; and the program that adds one: testing/write-savepoint.
 */
public final class FeaturesSavepoints {

    static final StoredSavepoints STORED = StoredSavepoints.of("features");

    /** When all is over, with room for what is still to come of it. */
    static final Instant END;

    /** When the last record of the first half has arrived, at a whole second. */
    static final Instant MIDDLE;

    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    private static final Duration SPAN = Duration.ofHours(4);
    private static final int PEOPLE = 60;

    static {
        END = START.plus(SPAN).plus(Duration.ofMinutes(40));
        List<Shoppers.Sent> all = records();
        MIDDLE =
                Instant.ofEpochMilli(all.get(all.size() / 2 - 1).arrival())
                        .plusSeconds(1)
                        .truncatedTo(ChronoUnit.SECONDS);
    }

    private FeaturesSavepoints() {}

    /**
     * Adds the savepoint of a release.
     *
     * @param args the version
     */
    public static void main(String[] args) throws Exception {
        String version = args[0];
        STORED.add(
                version,
                (flink, kafka, redis, database, folder) -> {
                    FeaturesJobRuns runs =
                            new FeaturesJobRuns(
                                    flink, kafka, redis, database, STORED.prefix(version), folder);
                    runs.createTopics();
                    RunningJob job = runs.start(null, 1, "hashmap").awaitRunning();
                    sendFirstHalf(runs);
                    awaitRead(runs, redis);
                    return job;
                });
        System.exit(0);
    }

    private static void awaitRead(FeaturesJobRuns runs, RedisServer redis) {
        ExpectedFeatures expected = runs.addTo(FeaturesBatch.withoutLate()).expected();
        try (Jedis client = redis.connect()) {
            await("the first half to be read")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    FeaturesComparison.with(expected)
                                            .ofRedis(client, watermark(MIDDLE))
                                            .assertEqual());
        }
    }

    /** Sends the first half, and lets time reach its end. */
    static void sendFirstHalf(FeaturesJobRuns runs) {
        List<Shoppers.Sent> all = records();
        runs.send(all.subList(0, all.size() / 2));
        runs.sendTime(MIDDLE);
    }

    /** Where the watermark is when time has reached an instant. */
    static Instant watermark(Instant time) {
        return time.minusMillis(10_001);
    }

    static List<Shoppers.Sent> secondHalf() {
        List<Shoppers.Sent> all = records();
        return all.subList(all.size() / 2, all.size());
    }

    private static List<Shoppers.Sent> records() {
        return Shoppers.records(START, SPAN, PEOPLE, 41);
    }
}
