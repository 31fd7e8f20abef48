package io.adstream.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedNotices;
import io.adstream.testing.oracle.ExpectedSpend;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job on Kafka, Redis and PostgreSQL: deductions per local day are those of a batch
 * count, over time zones with both daylight-saving days, late clicks over midnight, duplicates and
 * the loss of five TaskManagers.
 */
@ExtendWith(ServicesExtension.class)
class BudgetJobITCase {

    /** Both TaskManagers have a subtask of everything: whichever ends takes the job down. */
    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(1).build();

    private static final List<String> ZONES =
            List.of(
                    "Europe/Berlin",
                    "America/New_York",
                    "UTC",
                    "Asia/Seoul",
                    "Asia/Kolkata",
                    "Pacific/Apia");
    private static final String PREFIX = "budget-job-";
    private static final String BUDGET = "150";
    private static final int CHUNK = 2000;
    private static final Duration SPAN = Duration.ofHours(9);
    private static final String MOVED = "c10";
    private static final String AUTUMN = "2024-11-02T20:00:00Z";

    @Test
    void deductsWhatABatchCountSays(
            KafkaBroker kafka, RedisServer redis, TestDatabase database, @TempDir Path folder)
            throws Exception {
        redis.flush();
        BudgetJobRuns runs =
                new BudgetJobRuns(FLINK, kafka, redis, database, PREFIX, folder, Map.of())
                        .createTopics();
        Map<String, ZoneId> zones = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            zones.put("c" + i, ZoneId.of(ZONES.get(i % ZONES.size())));
            runs.campaign("c" + i, BUDGET, ZONES.get(i % ZONES.size()));
        }
        ClickTraffic traffic = new ClickTraffic(PREFIX + "ad-events", BudgetJobRuns.PARTITIONS, 4);
        traffic.from("2024-03-30T21:00:00Z"); // Berlin's day of 23 hours follows
        RunningJob job = runs.start(null, 2, "hashmap").awaitRunning();
        int kills = 0;
        for (int chunk = 0; chunk < 6; chunk++) {
            if (chunk == 3) {
                traffic.from(AUTUMN); // New York's day of 25 hours follows
            }
            kafka.produce(traffic.over(SPAN, CHUNK));
            if (chunk == 1) {
                awaitSpend(database, MOVED, 0);
                runs.campaign(MOVED, BUDGET, "Asia/Seoul");
                zones.put(MOVED, ZoneId.of("Asia/Seoul"));
            }
            if (chunk < 5) {
                FLINK.endTaskManager(kills);
                FLINK.startTaskManager();
                job.awaitRestarts(++kills);
            }
            if (chunk == 2) {
                awaitSpend(database, MOVED, 1);
            }
        }
        ExpectedSpend expected = expected(kafka, zones);
        runs.awaitClicks(expected.clicks());
        job.stopWithSavepoint();

        try (Connection connection = database.connect()) {
            expected.compareWithDailySpend(connection).assertEqual();
            expected.compareWithSpend10Min(connection).assertEqual();
        }
        Map<String, BigDecimal> budgets = new HashMap<>();
        zones.keySet().forEach(campaign -> budgets.put(campaign, new BigDecimal(BUDGET)));
        new ExpectedNotices(expected, budgets)
                .knownLater(Set.of(MOVED))
                .compare(kafka.readAll(PREFIX + "budget-management"), Instant.parse(AUTUMN))
                .assertEqual();
        assertThat(runs.records("budget-management"))
                .filteredOn(notice -> notice.get("type").asText().equals("CAMPAIGN_PAUSED"))
                .hasSizeGreaterThan(10);
    }

    private static void awaitSpend(TestDatabase database, String campaign, int moves) {
        BudgetJobRuns.until("spend of %s, moved %d times".formatted(campaign, moves))
                .until(
                        () ->
                                database.queryLong(
                                                "select count(*) from budget.daily_spend where"
                                                        + " campaign_id = '%s' and moves = %d"
                                                                .formatted(campaign, moves))
                                        > 0);
    }

    private static ExpectedSpend expected(KafkaBroker kafka, Map<String, ZoneId> zones) {
        return ExpectedSpend.of(
                MetricsBatchCount.with()
                        .keepEvents()
                        .build()
                        .addAll(kafka.readAll(PREFIX + "ad-events"))
                        .expected(),
                zones);
    }
}
