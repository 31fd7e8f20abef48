package io.adstream.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
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
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** The budget job with its real connectors, run again and again on the same topics and stores. */
final class BudgetJobRuns {

    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final FlinkCluster flink;
    private final KafkaBroker kafka;
    private final TestDatabase database;
    private final String prefix;
    private final JobSettings settings;

    /**
     * @param prefix before the names of topics and transactions
     * @param folder where the password lies
     * @param extra options that win over those that all tests have
     */
    BudgetJobRuns(
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
        this.database = database;
        this.prefix = prefix;
        Map<String, String> given = ServiceSettings.of(kafka, redis, database, prefix, folder);
        given.put("redis.timeout", "1 s");
        given.put("budget.campaigns-interval", "200 ms");
        given.put("budget.status-interval", "1 s");
        given.put("budget.write-interval", "1 s");
        // Or else, where the machine is slow, a partition that is read later than others is late.
        given.put("watermark.idleness", "1 h");
        given.putAll(extra);
        settings = JobSettings.of(BudgetPipeline.JOB, given, BudgetJob.options());
    }

    /** Makes the topics that the job reads and writes. */
    BudgetJobRuns createTopics() {
        Map<String, String> appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        kafka.createTopicNamed(prefix + "ad-events", PARTITIONS, appendTime);
        kafka.createTopicNamed(prefix + "budget-management", 2, appendTime);
        kafka.createTopicNamed(prefix + "alerts", 2, appendTime);
        return this;
    }

    RunningJob start(@Nullable String savepoint, int parallelism, String backend) {
        Map<String, String> extra = new HashMap<>();
        extra.put("state.backend.type", backend);
        if (savepoint != null) {
            extra.put("execution.state-recovery.path", savepoint);
        }
        StreamExecutionEnvironment environment = flink.environment(parallelism, extra);
        BudgetConfig config = BudgetConfig.from(settings);
        BudgetConnectors connectors = new BudgetConnectors(settings);
        connectors.attach(BudgetPipeline.build(connectors.inputs(environment, config), config));
        return flink.start(environment, "budget");
    }

    /** Adds a campaign to the table. */
    void campaign(String id, @Nullable String budget, String zone) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement(
                                "insert into budget.campaigns (campaign_id, advertiser_id,"
                                        + " daily_budget, time_zone) values (?, 'adv-1', ?, ?)")) {
            insert.setString(1, id);
            insert.setBigDecimal(2, budget == null ? null : new BigDecimal(budget));
            insert.setString(3, zone);
            insert.executeUpdate();
        }
    }

    /** Waits until {@code daily_spend} and {@code spend_10min} count so many clicks. */
    void awaitClicks(long clicks) {
        awaitClicks("daily_spend", clicks);
        awaitClicks("spend_10min", clicks);
    }

    /** Waits until a table counts so many clicks. */
    void awaitClicks(String table, long clicks) {
        until("the clicks in " + table)
                .untilAsserted(() -> assertThat(clicks(table)).isGreaterThanOrEqualTo(clicks));
    }

    private long clicks(String table) {
        return database.queryLong("select coalesce(sum(clicks), 0) from budget." + table);
    }

    /** A wait that is patient. */
    static ConditionFactory until(String what) {
        return await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }

    /** The committed records of a topic. */
    List<JsonNode> records(String topic) {
        List<JsonNode> records = new ArrayList<>();
        kafka.readAll(prefix + topic)
                .forEach(record -> records.add(json(new String(record.value(), UTF_8))));
        return records;
    }

    /** The notices of a type and campaign, oldest first. */
    List<JsonNode> notices(String type, String campaign) {
        return records("budget-management").stream()
                .filter(
                        notice ->
                                notice.get("type").asText().equals(type)
                                        && notice.get("campaign_id").asText().equals(campaign))
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
