package io.adstream.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.adstream.common.config.JobSettings;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.oracle.ExpectedScore;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServiceSettings;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** The quality job with its real connectors, run again and again on the same topics and stores. */
final class QualityJobRuns {

    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final FlinkCluster flink;
    private final KafkaBroker kafka;
    private final TestDatabase database;
    private final String prefix;
    private final JobSettings settings;

    /**
     * @param prefix before the names of topics and transactions
     * @param folder where the password lies
     */
    QualityJobRuns(
            FlinkCluster flink,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            String prefix,
            Path folder)
            throws IOException {
        this.flink = flink;
        this.kafka = kafka;
        this.database = database;
        this.prefix = prefix;
        Map<String, String> given = ServiceSettings.of(kafka, redis, database, prefix, folder);
        given.put("quality.settle-time", "2 s");
        // Or else, where the machine is slow, a partition that is read later than others is late.
        given.put("quality.silence", "1 h");
        given.put("watermark.idleness", "1 h");
        settings = JobSettings.of(QualityPipeline.JOB, given, QualityJob.options());
    }

    /** Makes the topics that the job reads and writes. */
    void createTopics() {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(rowsTopic(), PARTITIONS, appendTime);
        kafka.createTopicNamed(scoresTopic(), 2, appendTime);
    }

    String rowsTopic() {
        return prefix + "performance-metrics";
    }

    private String scoresTopic() {
        return prefix + "quality-score-updates";
    }

    RunningJob start(@Nullable String savepoint, int parallelism, String backend) {
        Map<String, String> extra = new HashMap<>();
        extra.put("state.backend.type", backend);
        if (savepoint != null) {
            extra.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment = flink.environment(parallelism, extra);
        QualityConfig config = QualityConfig.from(settings);
        QualityConnectors connectors = new QualityConnectors(settings);
        connectors.attach(QualityPipeline.build(connectors.inputs(environment, config), config));
        return flink.start(environment, "quality");
    }

    /** The committed records of the scores' topic. */
    List<ConsumerRecord<byte[], byte[]>> records() {
        return kafka.readAll(scoresTopic());
    }

    /** Sends a penalty, as the anomaly job would. */
    void penalize(String adId, double points, String alertId, Instant until) {
        String value =
                """
                {"schema_version":1,"type":"PENALTY","ad_id":"%s","points":%s,"alert_id":"%s","expires_at":"%s"}"""
                        .formatted(adId, points, alertId, until);
        kafka.produce(
                List.of(
                        new ProducerRecord<>(
                                scoresTopic(), adId.getBytes(UTF_8), value.getBytes(UTF_8))));
    }

    /** Waits until the table has the newest of these scores, and with them all were published. */
    void awaitPublished(List<ExpectedScore> scores) {
        Map<String, Integer> newest = new HashMap<>();
        scores.forEach(score -> newest.put(score.adId(), score.revision()));
        long sum = newest.values().stream().mapToLong(Integer::longValue).sum();
        until(scores.size() + " publications")
                .until(
                        () ->
                                database.queryLong(
                                                "select coalesce(sum(revision), 0)"
                                                        + " from quality.scores")
                                        >= sum);
    }

    /** A wait that is patient. */
    static ConditionFactory until(String what) {
        return await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }
}
