package io.adstream.anomaly;

import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.flink.StoredSavepoints;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The stored savepoints of the job, in the middle of {@link AdTraffic} with an incident that is
 * open, and the program that adds one: testing/write-savepoint.
 */
public final class AnomalySavepoints {

    static final StoredSavepoints STORED = StoredSavepoints.of("anomaly");

    private AnomalySavepoints() {}

    static List<ProducerRecord<byte[], byte[]>> records(String version) {
        return new AdTraffic(STORED.prefix(version) + "ad-events", AnomalyJobRuns.PARTITIONS, 1)
                .records();
    }

    /** How many of the records the version that made the savepoint had read. */
    private static int before(List<ProducerRecord<byte[], byte[]>> records) {
        return records.size() * 6 / 10;
    }

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
                    AnomalyJobRuns runs =
                            new AnomalyJobRuns(
                                            flink,
                                            kafka,
                                            redis,
                                            database,
                                            STORED.prefix(version),
                                            folder,
                                            Map.of())
                                    .createTopics();
                    List<ProducerRecord<byte[], byte[]>> records = records(version);
                    kafka.produce(records.subList(0, before(records)));
                    RunningJob job = runs.start(null, 1, "hashmap");
                    AnomalyJobRuns.until("the drop to be found")
                            .until(() -> runs.opened().equals(AdTraffic.INCIDENTS));
                    return job;
                });
        System.exit(0);
    }
}
