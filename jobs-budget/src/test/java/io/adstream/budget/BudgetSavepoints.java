package io.adstream.budget;

import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.flink.StoredSavepoints;
import io.adstream.testing.oracle.ExpectedSpend;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.services.KafkaBroker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The stored savepoints of the job, after {@link #before} was read, and the program that adds one:
 * testing/write-savepoint.
 */
public final class BudgetSavepoints {

    static final StoredSavepoints STORED = StoredSavepoints.of("budget");

    private static final int RECORDS = 400;

    private BudgetSavepoints() {}

    static ClickTraffic traffic(String version) {
        return new ClickTraffic(STORED.prefix(version) + "ad-events", BudgetJobRuns.PARTITIONS, 1)
                .from("2024-03-30T21:00:00Z");
    }

    /** What the version that made the savepoint had read. */
    static List<ProducerRecord<byte[], byte[]>> before(ClickTraffic traffic) {
        return traffic.over(Duration.ofHours(4), RECORDS);
    }

    /** Adds campaigns to the table; gives the zone of each. */
    static Map<String, ZoneId> campaigns(BudgetJobRuns runs) throws SQLException {
        List<String> names = List.of("Europe/Berlin", "America/New_York", "UTC", "Asia/Seoul");
        Map<String, ZoneId> zones = new HashMap<>();
        for (int i = 0; i < ClickTraffic.CAMPAIGNS; i++) {
            String zone = names.get(i % names.size());
            runs.campaign("c" + i, "20", zone);
            zones.put("c" + i, ZoneId.of(zone));
        }
        return zones;
    }

    /** What the clicks of a version's topic have cost. */
    static ExpectedSpend expected(KafkaBroker kafka, String version, Map<String, ZoneId> zones) {
        return ExpectedSpend.of(
                MetricsBatchCount.with()
                        .keepEvents()
                        .build()
                        .addAll(kafka.readAll(STORED.prefix(version) + "ad-events"))
                        .expected(),
                zones);
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
                    BudgetJobRuns runs =
                            new BudgetJobRuns(
                                            flink,
                                            kafka,
                                            redis,
                                            database,
                                            STORED.prefix(version),
                                            folder,
                                            Map.of())
                                    .createTopics();
                    Map<String, ZoneId> zones = campaigns(runs);
                    kafka.produce(before(traffic(version)));
                    RunningJob job = runs.start(null, 1, "hashmap");
                    runs.awaitClicks(expected(kafka, version, zones).clicks());
                    return job;
                });
        System.exit(0);
    }
}
