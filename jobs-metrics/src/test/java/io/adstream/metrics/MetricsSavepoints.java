package io.adstream.metrics;

import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.flink.StoredSavepoints;
import io.adstream.testing.services.KafkaBroker;
import java.time.Duration;
import java.time.Instant;

/** The stored savepoints of the job, and the program that adds one: testing/write-savepoint. */
public final class MetricsSavepoints {

    static final StoredSavepoints STORED = StoredSavepoints.of("metrics", "savepoint-");

    /** When the traffic begins. */
    static final Instant START = Instant.parse("2024-03-01T10:56:00Z");

    /** How many records a savepoint has read. */
    static final int RECORDS = 400;

    private MetricsSavepoints() {}

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
                    var runs = new MetricsJobRuns(flink, kafka, redis, database, prefix, folder);
                    runs.createTopics();
                    return begin(runs, kafka, traffic(prefix));
                });
        System.exit(0);
    }

    static AdTraffic traffic(String prefix) {
        return new AdTraffic(prefix + "ad-events", MetricsJobRuns.PARTITIONS, START, 1);
    }

    /** Starts the job and lets it read what a savepoint holds. */
    static RunningJob begin(MetricsJobRuns runs, KafkaBroker kafka, AdTraffic traffic) {
        kafka.produce(traffic.over(Duration.ofMinutes(6), RECORDS));
        RunningJob job = runs.start(null, 1, "hashmap");
        runs.awaitReceived(RECORDS);
        return job;
    }
}
