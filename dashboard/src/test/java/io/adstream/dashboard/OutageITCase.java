package io.adstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.testing.platform.BusyPlatform;
import io.adstream.testing.platform.StoredResults;
import io.adstream.testing.services.PostgresProcess;
import io.adstream.testing.services.PostgresServer;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Stores that go away and come back, and jobs that write no more. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageITCase {

    private static final String NO_FLINK = "http://127.0.0.1:1";

    @TempDir static Path folder;

    private static RedisProcess redis;
    private static PostgresProcess postgres;
    private static TestDatabase database;
    private static StoredResults results;
    private static RunningDashboard dashboard;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(folder.resolve("redis"));
        postgres = PostgresServer.start(folder.resolve("postgres"));
        database = postgres.newDatabase();
        results = new StoredResults(database, redis);
        BusyPlatform.write(results, 12);
        dashboard = RunningDashboard.of(database, redis, NO_FLINK);
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        results.close();
        postgres.close();
        redis.close();
    }

    @Test
    @Order(8)
    void aStoreThatGoesAwayIsSaidAndFoundAgain() {
        assertThat(dashboard.get("live").path("state").asText()).isEqualTo("OK");
        assertThat(dashboard.get("jobs").path("state").asText()).isEqualTo("AWAY");

        redis.kill();
        await().untilAsserted(() -> assertThat(service("Redis")).isEqualTo("AWAY"));
        await().untilAsserted(
                        () -> {
                            JsonNode budgets = dashboard.get("budgets");
                            assertThat(budgets.path("state").asText()).isEqualTo("STALE");
                            assertThat(budgets.path("reasons").toString())
                                    .contains("Redis is away");
                            assertThat(budgets.path("data").path("total").asInt()).isEqualTo(18);
                        });
        assertThat(dashboard.get("series").path("state").asText()).isEqualTo("OK");
        redis.start();
        await().untilAsserted(
                        () ->
                                assertThat(dashboard.get("budgets").path("state").asText())
                                        .isEqualTo("OK"));

        postgres.pause();
        try {
            await().untilAsserted(() -> assertThat(service("PostgreSQL")).isEqualTo("AWAY"));
            JsonNode series = dashboard.get("series");
            assertThat(series.path("state").asText()).isEqualTo("STALE");
            assertThat(series.path("data").path("points")).isNotEmpty();
        } finally {
            postgres.resume();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            assertThat(service("PostgreSQL")).isEqualTo("UP");
                            assertThat(dashboard.get("series").path("state").asText())
                                    .isEqualTo("OK");
                        });

        redis.pause();
        try {
            await().untilAsserted(() -> assertThat(service("Redis")).isEqualTo("AWAY"));
            // While it is frozen nobody waits for it, again and again.
            IntStream.range(0, 50)
                    .forEach(
                            i ->
                                    assertThat(
                                                    dashboard
                                                            .get("user?user_id=user-" + i)
                                                            .path("state")
                                                            .asText())
                                            .isEqualTo("AWAY"));
        } finally {
            redis.resume();
        }
        await().untilAsserted(() -> assertThat(service("Redis")).isEqualTo("UP"));
    }

    @Test
    @Order(9)
    void jobsThatHaveStoppedWritingAreSaid() {
        Instant before = Instant.now().minus(Duration.ofMinutes(2));
        results.progress(before, before, before);
        redis.flush();
        results.status("cmp-1", "ACTIVE", "", "10", "90", "1", before);

        await().untilAsserted(
                        () -> {
                            JsonNode series = dashboard.get("series");
                            assertThat(series.path("state").asText()).isEqualTo("STALE");
                            assertThat(series.path("reasons").toString())
                                    .contains("the metrics job stores nothing");
                            assertThat(Instant.parse(series.path("since").asText()))
                                    .isEqualTo(before.truncatedTo(ChronoUnit.MILLIS));
                            assertThat(dashboard.data("budgets").path("control_down").asBoolean())
                                    .isTrue();
                        });
    }

    private static String service(String name) {
        for (JsonNode service : dashboard.data("services").path("services")) {
            if (service.path("name").asText().equals(name)) {
                return service.path("state").asText();
            }
        }
        return "";
    }
}
