package io.adstream.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.platform.BusyPlatform;
import io.adstream.testing.platform.StoredResults;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.Services;
import io.adstream.testing.services.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Full stores, with a dashboard that reads them, for the tests of a class. */
abstract class BusyStoresCase {

    static final Duration MINUTE = Duration.ofMinutes(1);

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().build();

    @TempDir static Path folder;

    static RedisProcess redis;
    static TestDatabase database;
    static StoredResults results;
    static RunningDashboard dashboard;
    static Instant open;

    @BeforeAll
    static void start() {
        redis = RedisServer.start(folder.resolve("redis"));
        database = Services.postgres().newDatabase();
        results = new StoredResults(database, redis);
        open = BusyPlatform.write(results, 65);
        dashboard = RunningDashboard.of(database, redis, FLINK.restAddress());
    }

    @AfterAll
    static void stop() {
        dashboard.close();
        results.close();
        redis.close();
    }

    static BigDecimal sum(JsonNode series, String field) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode point : series.path("points")) {
            sum = sum.add(point.path(field).decimalValue());
        }
        return sum;
    }

    static BigDecimal decimal(Map<String, Object> row, String column) {
        return new BigDecimal(String.valueOf(row.get(column)));
    }
}
