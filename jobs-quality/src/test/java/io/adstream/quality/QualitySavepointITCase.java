package io.adstream.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedScore;
import io.adstream.testing.oracle.ExpectedScores;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** Restores the savepoint of every released version and goes on from it. */
@ExtendWith(ServicesExtension.class)
class QualitySavepointITCase {

    @RegisterExtension static final FlinkCluster FLINK = FlinkCluster.with().slots(2).build();

    static List<String> versions() {
        return QualitySavepoints.STORED.versions();
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
        redis.flush();
        QualityJobRuns runs =
                new QualityJobRuns(
                        FLINK,
                        kafka,
                        redis,
                        database,
                        QualitySavepoints.STORED.prefix(version),
                        folder);
        runs.createTopics();
        QualitySavepoints.Rows rows = QualitySavepoints.Rows.of(runs);
        QualitySavepoints.sendFirstHours(kafka, rows);
        Set<ExpectedScore> before = new HashSet<>(rows.scores());

        RunningJob job = runs.start(QualitySavepoints.STORED.uri(version), 2, "rocksdb");
        kafka.produce(rows.traffic().windows(30));
        kafka.produce(rows.traffic().time());
        List<ExpectedScore> all = rows.scores();
        List<ExpectedScore> after = all.stream().filter(score -> !before.contains(score)).toList();
        assertThat(after).hasSizeGreaterThan(100);
        runs.awaitPublished(after);
        try (Jedis client = redis.connect()) {
            QualityJobRuns.until("the hashes of all ads")
                    .untilAsserted(
                            () ->
                                    ExpectedScores.of(all)
                                            .compareWithRedis(
                                                    client, rows.batch().current().keySet())
                                            .assertEqual());
        }
        job.stopWithSavepoint();

        ExpectedScores.of(after).compareWithKafka(runs.records()).assertEqual();
    }
}
