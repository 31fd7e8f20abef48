package io.adstream.budget;

import io.adstream.testing.ProjectRoot;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedSpend;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.Services;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The stored savepoints, one folder per released version, and the program that makes one: that of
 * the whole job after {@link #before} was read. Old ones never change, and neither do the records
 * that they have read. CONTRIBUTING.md says how it is run, once per release.
 */
public final class BudgetSavepoints {

    static final Path FOLDER =
            ProjectRoot.resolve("jobs-budget/src/test/resources/savepoints/budget");

    private static final int RECORDS = 400;

    private BudgetSavepoints() {}

    /** The same names for the same version, since they are part of its savepoint. */
    static String prefix(String version) {
        return "budget-savepoint-" + version + "-";
    }

    static ClickTraffic traffic(String version) {
        return new ClickTraffic(prefix(version) + "ad-events", BudgetJobRuns.PARTITIONS, 1)
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
                        .addAll(kafka.readAll(prefix(version) + "ad-events"))
                        .expected(),
                zones);
    }

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
        KafkaBroker kafka = Services.kafka();
        BudgetJobRuns runs =
                new BudgetJobRuns(
                                flink,
                                kafka,
                                Services.redis(),
                                Services.postgres().newDatabase(),
                                prefix(version),
                                Files.createTempDirectory("adstream-fixture-"),
                                Map.of())
                        .createTopics();
        Map<String, ZoneId> zones = campaigns(runs);
        kafka.produce(before(traffic(version)));
        RunningJob job = runs.start(null, 1, "hashmap");
        runs.awaitClicks(expected(kafka, version, zones).clicks());
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
}
