package io.adstream.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The whole job compares counters while an ad server adds to them a thousand times per second. */
@ExtendWith(ServicesExtension.class)
class BudgetSyncITCase {

    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(1).build();

    private static final String PREFIX = "budget-sync-";
    private static final int CAMPAIGNS = 10;
    private static final long BASE = 70_000_000;
    private static final long DRIFT = 35_000_000;

    /** Half of a thousand per second: 1.00 per second, of a day that is some 100. */
    private static final long PRICE = 2_000;

    /** A zone in which it is about noon: the test meets no midnight. */
    private final ZoneId noon =
            ZoneOffset.ofHours(12 - Instant.now().atOffset(ZoneOffset.UTC).getHour());

    @Test
    void losesNoIncrementAndTakesNoSpendOnItsWayForDrift(
            KafkaBroker kafka, RedisServer redis, TestDatabase database, @TempDir Path folder)
            throws Exception {
        redis.flush();
        BudgetJobRuns runs =
                new BudgetJobRuns(
                                FLINK,
                                kafka,
                                redis,
                                database,
                                PREFIX,
                                folder,
                                Map.of(
                                        "budget.sync-interval", "10 s",
                                        "budget.sync-tolerance", "3 s",
                                        "watermark.max-out-of-orderness", "500 ms"))
                        .createTopics();
        for (int i = 0; i < CAMPAIGNS; i++) {
            runs.campaign("c" + i, "1000", noon.getId());
        }
        try (Jedis client = redis.connect();
                LiveTime time = new LiveTime(kafka, PREFIX);
                BusyAdServer adServer =
                        new BusyAdServer(kafka, redis, PREFIX, List.of("c0", "c1"), noon, PRICE)) {
            for (int i = 0; i < CAMPAIGNS; i++) {
                client.set(counter(i), String.valueOf(i == 1 ? BASE + DRIFT : BASE));
                kafka.produce(
                        PREFIX + "ad-events",
                        AdEventJson.click("base-" + i)
                                .campaign("c" + i)
                                .price("70")
                                .at(Instant.now())
                                .json());
            }
            RunningJob job = runs.start(null, 2, "rocksdb").awaitRunning();
            time.begin();
            adServer.begin();
            BudgetJobRuns.until("four comparisons of all campaigns, and much spend meanwhile")
                    .until(
                            () ->
                                    audits(database, "true") >= 4 * CAMPAIGNS
                                            && adServer.served() * PRICE > 30 * BASE / 100);
            long served = adServer.end();
            runs.awaitClicks(CAMPAIGNS + 2 * served);
            job.stopWithSavepoint();

            assertThat(audits(database, "action in ('CORRECTED', 'SUSPENDED')")).isEqualTo(1);
            assertThat(audits(database, "action = 'CORRECTED' and campaign_id = 'c1'"))
                    .isEqualTo(1);
            assertThat(audits(database, "action = 'SEEDED'")).isZero();
            BigDecimal correction =
                    (BigDecimal)
                            database.query(
                                            "select correction from budget.sync_audit where action ="
                                                    + " 'CORRECTED'")
                                    .get(0)
                                    .get("correction");
            long spent = BASE + served * PRICE;
            assertThat(client.get(counter(0))).isEqualTo(String.valueOf(spent));
            assertThat(client.get(counter(1)))
                    .as("all increments and one correction")
                    .isEqualTo(
                            String.valueOf(
                                    spent + DRIFT + correction.movePointRight(6).longValueExact()));
            assertThat(Long.parseLong(client.get(counter(1))))
                    .isBetween(spent * 95 / 100, spent * 105 / 100);
            assertThat(client.get(counter(9))).isEqualTo(String.valueOf(BASE));
        }
    }

    private static long audits(TestDatabase database, String condition) {
        return database.queryLong("select count(*) from budget.sync_audit where " + condition);
    }

    private String counter(int campaign) {
        return "budget:c" + campaign + ":" + LocalDate.now(noon) + ":spent";
    }
}
