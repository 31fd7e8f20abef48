package io.adstream.metrics;

import static org.awaitility.Awaitility.await;

import io.adstream.common.config.JobSettings;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServiceSettings;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** The metrics job with its real connectors, run again and again on the same topics and stores. */
final class MetricsJobRuns {

    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final FlinkCluster flink;
    private final KafkaBroker kafka;
    private final TestDatabase database;
    private final String prefix;
    private final JobSettings settings;

    /**
     * @param prefix before the names of topics and transactions
     * @param folder where the password lies
     */
    MetricsJobRuns(
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
        settings =
                JobSettings.of(
                        MetricsPipeline.JOB,
                        ServiceSettings.of(kafka, redis, database, prefix, folder),
                        MetricsJob.options());
    }

    /** Makes the topics that the job reads and writes. */
    void createTopics() {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(prefix + "ad-events", PARTITIONS, appendTime);
        kafka.createTopicNamed(prefix + "performance-metrics", 2, appendTime);
        kafka.createTopicNamed(
                prefix + "ad-events.dlq",
                2,
                Map.of(
                        "message.timestamp.type",
                        "LogAppendTime",
                        "max.message.bytes",
                        String.valueOf((1024 + 64) * 1024)));
    }

    RunningJob start(@Nullable String savepoint, int parallelism, String backend) {
        Map<String, String> extra = new HashMap<>();
        extra.put("state.backend.type", backend);
        if (savepoint != null) {
            extra.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment = flink.environment(parallelism, extra);
        MetricsConfig config = MetricsConfig.from(settings);
        MetricsConnectors connectors = new MetricsConnectors(settings);
        connectors.attach(MetricsPipeline.build(connectors.inputs(environment), config), config);
        return flink.start(environment, "metrics");
    }

    /** Waits until so many records are counted in {@code ingest_1min}. */
    void awaitReceived(long records) {
        await(records + " records in ingest_1min")
                .atMost(PATIENCE)
                .until(
                        () ->
                                database.queryLong(
                                                "select coalesce(sum(received), 0) from"
                                                        + " realtime.ingest_1min")
                                        >= records);
    }

    /** Waits until the windows that end by then can no longer change. */
    void awaitFinal(Instant windowEnd) {
        await("windows that end at " + windowEnd + " to be final")
                .atMost(PATIENCE)
                .until(
                        () ->
                                database.queryLong(
                                                "select count(*) from realtime.progress where"
                                                        + " final_before >= '"
                                                        + windowEnd
                                                        + "'")
                                        > 0);
    }
}
