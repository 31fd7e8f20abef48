package io.adstream.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedSpend;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores the savepoint of every released version and goes on from it. */
@ExtendWith(ServicesExtension.class)
class BudgetSavepointITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    static List<String> versions() {
        return BudgetSavepoints.STORED.versions();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void goesOnFromASavepointOfVersion(
            String version,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            @TempDir Path folder)
            throws Exception {
        BudgetJobRuns runs =
                new BudgetJobRuns(
                                FLINK,
                                kafka,
                                redis,
                                database,
                                BudgetSavepoints.STORED.prefix(version),
                                folder,
                                Map.of())
                        .createTopics();
        Map<String, ZoneId> zones = BudgetSavepoints.campaigns(runs);
        ClickTraffic traffic = BudgetSavepoints.traffic(version);
        kafka.produce(BudgetSavepoints.before(traffic));
        long before = BudgetSavepoints.expected(kafka, version, zones).clicks();

        RunningJob job = runs.start(BudgetSavepoints.STORED.uri(version), 2, "rocksdb");
        kafka.produce(traffic.over(Duration.ofHours(6), 600));
        ExpectedSpend expected = BudgetSavepoints.expected(kafka, version, zones);
        assertThat(expected.clicks()).isGreaterThan(before);
        // The savepoint has forgotten windows of ten minutes that were in its own tables.
        runs.awaitClicks("daily_spend", expected.clicks());
        job.stopWithSavepoint();

        try (Connection connection = database.connect()) {
            expected.compareWithDailySpend(connection).assertEqual();
        }
    }
}
