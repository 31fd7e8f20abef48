package io.adstream.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedFeatures;
import io.adstream.testing.oracle.FeaturesBatch;
import io.adstream.testing.oracle.FeaturesComparison;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/**
 * Restores the savepoint of every released version and goes on from it, with hours, sessions and
 * signals that were open.
 */
@ExtendWith(ServicesExtension.class)
class FeaturesSavepointITCase {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SESSION_LIFE = Duration.ofHours(1);

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    static List<String> versions() {
        return FeaturesSavepoints.STORED.versions();
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
        String prefix = FeaturesSavepoints.STORED.prefix(version);
        redis.flush();
        FeaturesJobRuns runs = new FeaturesJobRuns(FLINK, kafka, redis, database, prefix, folder);
        runs.createTopics();
        // What the version that made the savepoint had read; what it had written is elsewhere.
        FeaturesSavepoints.sendFirstHalf(runs);

        RunningJob job = runs.start(FeaturesSavepoints.STORED.uri(version), 2, "rocksdb");
        try (Jedis client = redis.connect()) {
            awaitRedis(runs, client, FeaturesSavepoints.MIDDLE);
            runs.send(FeaturesSavepoints.secondHalf());
            runs.sendTime(FeaturesSavepoints.END);
            awaitRedis(runs, client, FeaturesSavepoints.END);
        }
        job.stopWithSavepoint();
    }

    private static void awaitRedis(FeaturesJobRuns runs, Jedis client, Instant time) {
        Instant gone = FeaturesSavepoints.watermark(FeaturesSavepoints.MIDDLE).minus(SESSION_LIFE);
        ExpectedFeatures expected = runs.addTo(FeaturesBatch.withoutLate()).expected();
        assertThat(expected.users()).isGreaterThan(50);
        await("Redis")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () ->
                                FeaturesComparison.with(expected)
                                        .ofLiveRedis(
                                                client,
                                                FeaturesSavepoints.watermark(time),
                                                gone,
                                                PATIENCE.multipliedBy(2))
                                        .assertEqual());
    }
}
