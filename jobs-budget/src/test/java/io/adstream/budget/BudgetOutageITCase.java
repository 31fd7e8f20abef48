package io.adstream.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.PostgresProcess;
import io.adstream.testing.services.PostgresServer;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The whole job, live, while PostgreSQL or Redis are away; no store waits for another. */
@ExtendWith(ServicesExtension.class)
class BudgetOutageITCase {

    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final long SYNC_MILLIS = 10_000;
    private static final long TOLERANCE_MILLIS = 2_000;
    private static final int CAMPAIGNS = 10;

    /** A zone in which it is about noon: no test meets a midnight. */
    private final ZoneId noon =
            ZoneOffset.ofHours(12 - Instant.now().atOffset(ZoneOffset.UTC).getHour());

    private int ids;

    @Test
    void pausesReachRedisAndKafkaWhilePostgresIsAway(
            KafkaBroker kafka, RedisServer redis, @TempDir Path folder) throws Exception {
        redis.flush();
        String prefix = "budget-postgres-";
        try (PostgresProcess postgres = PostgresServer.start(folder.resolve("postgres"));
                Jedis client = redis.connect()) {
            TestDatabase database = postgres.newDatabase();
            BudgetJobRuns runs =
                    new BudgetJobRuns(FLINK, kafka, redis, database, prefix, folder, Map.of())
                            .createTopics();
            for (String campaign : List.of("a", "b", "c")) {
                runs.campaign(campaign, "100", noon.getId());
            }
            RunningJob job = runs.start(null, 2, "rocksdb");
            click(kafka, prefix, "a", 50, 1);
            awaitStatus(client, "a", "ACTIVE", "50");
            awaitStatus(client, "c", "ACTIVE", "0");

            postgres.kill();
            click(kafka, prefix, "a", 45, 1);
            awaitStatus(client, "a", "PAUSED", "95");
            assertThat(client.hget("campaign:a:status", "cause")).isEqualTo("BUDGET");
            assertThat(client.hget("campaign:a:status", "remaining")).isEqualTo("5");
            BudgetJobRuns.until("CAMPAIGN_PAUSED of a")
                    .until(() -> runs.notices("CAMPAIGN_PAUSED", "a").size() == 1);

            // Restarted while PostgreSQL is away: campaigns and unsent rows are state.
            FLINK.endTaskManager(0);
            FLINK.startTaskManager();
            FLINK.endTaskManager(1);
            FLINK.startTaskManager();
            job.awaitRestarts(1);
            click(kafka, prefix, "b", 96, 2);
            awaitStatus(client, "b", "PAUSED", "192");
            BudgetJobRuns.until("CAMPAIGN_PAUSED of b")
                    .until(() -> runs.notices("CAMPAIGN_PAUSED", "b").size() == 1);
            postgres.start();

            awaitTable(database, "a", "PAUSED");
            awaitTable(database, "b", "PAUSED");
            runs.awaitClicks(4);
            assertThat(database.queryLong("select sum(spent)::bigint from budget.daily_spend"))
                    .isEqualTo(287);

            database.execute(
                    "update budget.campaigns set daily_budget = 300 where campaign_id = 'b'");
            awaitStatus(client, "b", "ACTIVE", "64");
            awaitTable(database, "b", "ACTIVE");
            database.execute(
                    "update budget.campaigns set status = 'ACTIVE' where campaign_id = 'a'");
            awaitStatus(client, "a", "ACTIVE", "95");
            click(kafka, prefix, "a", 30, 1);
            awaitStatus(client, "a", "ACTIVE", "125");
            database.execute(
                    "update budget.campaigns set status = 'PAUSED', pause_cause = 'MANUAL' where"
                            + " campaign_id = 'c'");
            awaitStatus(client, "c", "PAUSED", "0");
            click(kafka, prefix, "c", 99, 1);
            awaitStatus(client, "c", "PAUSED", "99");
            runs.awaitClicks(6);
            job.stopWithSavepoint();

            assertThat(client.hget("campaign:c:status", "cause")).isEqualTo("MANUAL");
            assertThat(
                            database.query(
                                            "select pause_cause from budget.campaigns where"
                                                    + " campaign_id = 'c'")
                                    .get(0))
                    .containsEntry("pause_cause", "MANUAL");
            assertThat(pauses(runs, "a")).containsExactly("BUDGET_USED", "MANUAL");
            assertThat(pauses(runs, "b")).containsExactly("BUDGET_USED", "BUDGET_RAISED");
            assertThat(runs.records("alerts"))
                    .filteredOn(alert -> alert.get("rule_id").asText().equals("budget-override"))
                    .hasSize(1);
        }
    }

    @Test
    void countersAreCorrectedAndSeededAgainWhenRedisComesBackEmpty(
            KafkaBroker kafka, TestDatabase database, @TempDir Path folder) throws Exception {
        String prefix = "budget-redis-";
        try (RedisProcess redis = RedisServer.start(folder.resolve("redis"));
                LiveTime time = new LiveTime(kafka, prefix)) {
            BudgetJobRuns runs =
                    new BudgetJobRuns(
                                    FLINK,
                                    kafka,
                                    redis,
                                    database,
                                    prefix,
                                    folder,
                                    Map.of(
                                            "budget.sync-interval", SYNC_MILLIS + " ms",
                                            "budget.sync-tolerance", TOLERANCE_MILLIS + " ms",
                                            "watermark.max-out-of-orderness", "2 s"))
                            .createTopics();
            for (int i = 0; i < CAMPAIGNS; i++) {
                runs.campaign("c" + i, "1000", noon.getId());
            }
            runs.campaign("small", "10", noon.getId());
            RunningJob job = runs.start(null, 2, "hashmap").awaitRunning();
            time.begin();
            // Well before a cut, so that none lies between counters and clicks, and when the one
            // before it can be sampled no more: it might find a counter without its clicks.
            BudgetJobRuns.until("the time between two cuts")
                    .until(
                            () -> {
                                long sinceCut = System.currentTimeMillis() % SYNC_MILLIS;
                                return sinceCut > TOLERANCE_MILLIS && sinceCut < SYNC_MILLIS / 2;
                            });
            try (Jedis client = redis.connect()) {
                for (int i = 0; i < CAMPAIGNS; i++) {
                    client.set(counter(i), "100000000");
                }
                client.set(counter(0), "104990000");
                client.set(counter(1), "105000000");
                client.del(counter(2));
                clickAll(kafka, prefix, 10, 10);
            }
            awaitAction(database, "c1", "CORRECTED");
            awaitAction(database, "c2", "SEEDED");
            awaitAction(database, "c0", "OK");
            BudgetJobRuns.until("the corrections")
                    .untilAsserted(
                            () -> {
                                try (Jedis client = redis.connect()) {
                                    assertThat(client.get(counter(0))).isEqualTo("104990000");
                                    assertThat(client.get(counter(1))).isEqualTo("100000000");
                                    assertThat(client.get(counter(2))).isEqualTo("100000000");
                                    assertThat(client.ttl(counter(0))).isPositive();
                                }
                            });

            redis.kill();
            clickAll(kafka, prefix, 1, 10);
            click(kafka, prefix, "small", 10, 1);
            // Tables and Kafka go on.
            runs.awaitClicks(201);
            awaitTable(database, "small", "PAUSED");
            BudgetJobRuns.until("CAMPAIGN_PAUSED of small")
                    .until(() -> runs.notices("CAMPAIGN_PAUSED", "small").size() == 1);
            redis.start();
            try (Jedis client = redis.connect()) {
                client.incrBy(counter(3), 1_000_000); // an ad server was quicker
            }
            click(kafka, prefix, "c3", 1, 1);
            BudgetJobRuns.until("counters and statuses")
                    .untilAsserted(
                            () -> {
                                try (Jedis client = redis.connect()) {
                                    for (int i = 0; i < CAMPAIGNS; i++) {
                                        assertThat(client.get(counter(i)))
                                                .isEqualTo(i == 3 ? "111000000" : "110000000");
                                        assertThat(
                                                        client.hget(
                                                                "campaign:c" + i + ":status",
                                                                "usage"))
                                                .isEqualTo(i == 3 ? "11.1" : "11");
                                    }
                                    assertThat(client.hget("campaign:small:status", "status"))
                                            .isEqualTo("PAUSED");
                                    assertThat(client.get(counter("small"))).isEqualTo("10000000");
                                }
                            });
            job.stopWithSavepoint();

            assertThat(
                            database.query(
                                    "select * from budget.sync_audit where action in"
                                            + " ('CORRECTED', 'SUSPENDED')"))
                    .as("the one drift")
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("campaign_id", "c1"));
            assertThat(runs.notices("COUNTER_CORRECTED", "c1")).hasSize(1);
            assertThat(runs.notices("SYNC_ACCURACY", "c0"))
                    .allMatch(notice -> notice.get("accuracy").asDouble() > 95);
            assertThat(runs.records("alerts"))
                    .filteredOn(alert -> alert.get("rule_id").asText().equals("budget-drift"))
                    .allMatch(alert -> alert.get("entity_id").asText().equals("c1"));
        }
    }

    private String counter(int campaign) {
        return counter("c" + campaign);
    }

    private String counter(String campaign) {
        return "budget:" + campaign + ":" + LocalDate.now(noon) + ":spent";
    }

    private void click(KafkaBroker kafka, String prefix, String campaign, int price, int count) {
        kafka.produce(clicks(prefix, campaign, price, count));
    }

    /** Clicks on all campaigns, at one moment. */
    private void clickAll(KafkaBroker kafka, String prefix, int price, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < CAMPAIGNS; i++) {
            records.addAll(clicks(prefix, "c" + i, price, count));
        }
        kafka.produce(records);
    }

    private List<ProducerRecord<byte[], byte[]>> clicks(
            String prefix, String campaign, int price, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] value =
                    AdEventJson.click("click-" + ++ids)
                            .campaign(campaign)
                            .price(String.valueOf(price))
                            .at(Instant.now())
                            .json();
            records.add(
                    new ProducerRecord<>(
                            prefix + "ad-events", ids % BudgetJobRuns.PARTITIONS, null, value));
        }
        return records;
    }

    private static void awaitStatus(Jedis client, String campaign, String status, String usage) {
        BudgetJobRuns.until(campaign + " to be " + status + " at " + usage + " %")
                .untilAsserted(
                        () ->
                                assertThat(
                                                client.hmget(
                                                        "campaign:" + campaign + ":status",
                                                        "status",
                                                        "usage"))
                                        .containsExactly(status, usage));
    }

    private static void awaitTable(TestDatabase database, String campaign, String status) {
        BudgetJobRuns.until(campaign + " to be " + status + " in the table")
                .until(
                        () ->
                                database.queryLong(
                                                "select count(*) from budget.campaigns where"
                                                        + " campaign_id = '"
                                                        + campaign
                                                        + "' and status = '"
                                                        + status
                                                        + "'")
                                        == 1);
    }

    private static void awaitAction(TestDatabase database, String campaign, String action) {
        BudgetJobRuns.until(campaign + " to be " + action)
                .until(
                        () ->
                                database.queryLong(
                                                "select count(*) from budget.sync_audit where"
                                                        + " campaign_id = '"
                                                        + campaign
                                                        + "' and action = '"
                                                        + action
                                                        + "'")
                                        >= 1);
    }

    /** The reasons of a campaign's pauses and resumptions, in order of their numbers. */
    private static List<String> pauses(BudgetJobRuns runs, String campaign) {
        return runs.records("budget-management").stream()
                .filter(notice -> notice.get("campaign_id").asText().equals(campaign))
                .filter(notice -> notice.has("reason"))
                .sorted(Comparator.comparingLong((JsonNode notice) -> notice.get("seq").asLong()))
                .map(notice -> notice.get("reason").asText())
                .toList();
    }
}
