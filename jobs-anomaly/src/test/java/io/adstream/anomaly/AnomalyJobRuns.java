package io.adstream.anomaly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** The anomaly job with its real connectors, run again and again on the same topics and stores. */
final class AnomalyJobRuns {

    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final FlinkCluster flink;
    private final KafkaBroker kafka;
    private final String prefix;
    private final JobSettings settings;

    /**
     * @param prefix before the names of topics and transactions
     * @param folder where secrets lie
     * @param extra options that win over those that all tests have
     */
    AnomalyJobRuns(
            FlinkCluster flink,
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            String prefix,
            Path folder,
            Map<String, String> extra)
            throws IOException {
        this.flink = flink;
        this.kafka = kafka;
        this.prefix = prefix;
        Map<String, String> given = ServiceSettings.of(kafka, redis, database, prefix, folder);
        given.put("redis.timeout", "1 s");
        given.putAll(extra);
        settings = JobSettings.of(AnomalyPipeline.JOB, given, AnomalyJob.options());
    }

    /** Makes the topics that the job reads and writes. */
    AnomalyJobRuns createTopics() {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(prefix + "ad-events", PARTITIONS, appendTime);
        kafka.createTopicNamed(prefix + "quality-score-updates", 3, appendTime);
        kafka.createTopicNamed(prefix + "alerts", 2, appendTime);
        kafka.createTopicNamed(prefix + "control", 1, appendTime);
        kafka.createTopicNamed(prefix + "control.dlq", 2, appendTime);
        return this;
    }

    RunningJob start(@Nullable String savepoint, int parallelism, String backend) {
        Map<String, String> extra = new HashMap<>();
        extra.put("state.backend.type", backend);
        extra.put("execution.buffer-timeout.interval", "10 ms");
        if (savepoint != null) {
            extra.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment = flink.environment(parallelism, extra);
        settings.publishTo(environment);
        AnomalyConfig config = AnomalyConfig.from(settings);
        AnomalyConnectors connectors = new AnomalyConnectors(settings);
        connectors.attach(AnomalyPipeline.build(connectors.inputs(environment), config), config);
        return flink.start(environment, "anomaly");
    }

    /** A wait that is patient. */
    static ConditionFactory until(String what) {
        return await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }

    String topic(String name) {
        return prefix + name;
    }

    /** The committed records of a topic. */
    List<JsonNode> records(String topic) {
        List<JsonNode> records = new ArrayList<>();
        kafka.readAll(prefix + topic)
                .forEach(record -> records.add(json(new String(record.value(), UTF_8))));
        return records;
    }

    /**
     * Each alert but updates, as {@code rule entity status id}, sorted; fails on a repeated one.
     */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        for (JsonNode alert : records("alerts")) {
            if (!alert.get("status").asText().equals("UPDATE")) {
                steps.add(
                        String.join(
                                " ",
                                alert.get("rule_id").asText(),
                                alert.get("entity_id").asText(),
                                alert.get("status").asText(),
                                alert.get("alert_id").asText()));
            }
        }
        steps.sort(null);
        if (new TreeSet<>(steps).size() != steps.size()) {
            throw new AssertionError("an alert is there twice: " + steps);
        }
        return steps;
    }

    /** What opened, as {@code rule entity}, sorted. */
    List<String> opened() {
        return records("alerts").stream()
                .filter(alert -> alert.get("status").asText().equals("OPEN"))
                .map(alert -> alert.get("rule_id").asText() + " " + alert.get("entity_id").asText())
                .sorted()
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }
}
