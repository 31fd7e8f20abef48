package io.adstream.anomaly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.adstream.anomaly.notify.WebhookServer;
import io.adstream.anomaly.rule.Rule;
import io.adstream.anomaly.rule.RuleId;
import io.adstream.anomaly.rule.RuleRecord;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.flink.FlinkCluster;
import io.adstream.testing.flink.RunningJob;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rules that change while the job runs, on every subtask and over a restart. */
@ExtendWith(ServicesExtension.class)
class RulesWhileRunningITCase {

    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final String PREFIX = "anomaly-rules-";

    private KafkaBroker kafka;
    private AnomalyJobRuns runs;
    private int floods;
    private int ids;

    @Test
    void takeEffectEverywhereAndStay(
            KafkaBroker broker, RedisServer redis, TestDatabase database, @TempDir Path folder)
            throws Exception {
        kafka = broker;
        redis.flush();
        try (WebhookServer slack = new WebhookServer(0)) {
            Path webhook = Files.writeString(folder.resolve("webhook"), slack.address());
            Map<String, String> extra = new HashMap<>();
            extra.put("notify.slack-webhook-file", webhook.toString());
            extra.put("notify.max-per-minute", "600");
            runs =
                    new AnomalyJobRuns(FLINK, kafka, redis, database, PREFIX, folder, extra)
                            .createTopics();
            RunningJob job = runs.start(null, 4, "hashmap").awaitRunning();

            rule(2, Rule.State.ACTIVE, Map.of("clicks", 5.0), null);
            awaitFlood(2);
            control("{\"rule_id\":\"click-flood\",\"version\":9,\"scope\":\"GLOBAL\"}");
            control("no rule");
            rule(1, Rule.State.ACTIVE, Map.of("clicks", 1.0), null);
            AnomalyJobRuns.until("both broken rules among the dead letters")
                    .until(() -> kafka.readAll(runs.topic("control.dlq")).size() == 2);
            assertThat(kafka.readAll(runs.topic("control.dlq")))
                    .extracting(
                            record -> header(record.headers().lastHeader("__flink.errors.code")))
                    .containsExactlyInAnyOrder("MISSING_FIELD", "MALFORMED");

            // One key per subtask at least: each fires at six, none at two.
            int first = floods;
            for (int i = 0; i < 12; i++) {
                flood(i % 2 == 0 ? 6 : 2);
            }
            AnomalyJobRuns.until("six more alerts").until(() -> opened(first).size() == 6);

            FLINK.endTaskManager(0);
            FLINK.startTaskManager();
            job.awaitRestarts(1);
            awaitFlood(2);

            rule(3, Rule.State.SHADOW, Map.of("clicks", 3.0), null);
            AnomalyJobRuns.until("a shadow")
                    .until(
                            () -> {
                                flood(4);
                                return database.queryLong(
                                                "select count(*) from anomaly.shadow_alerts where"
                                                        + " rule_version = 3")
                                        > 0;
                            });
            int beforeMute = floods;
            rule(
                    4,
                    Rule.State.ACTIVE,
                    Map.of("clicks", 5.0),
                    System.currentTimeMillis() + 3_600_000);
            awaitFlood(4);
            // Muted is what is read while the rule is: the next version must come after all of it.
            AnomalyJobRuns.until("every flood to be told to nobody")
                    .until(
                            () -> {
                                int muted = opened(beforeMute).size();
                                long shadows =
                                        database.queryLong(
                                                "select count(*) from anomaly.shadow_alerts where"
                                                        + " substr(entity_id, 3)::int > "
                                                        + beforeMute);
                                return muted + shadows == floods - beforeMute
                                        && job.metricSum("mutedAlerts") == muted;
                            });
            rule(5, Rule.State.ACTIVE, Map.of("clicks", 5.0), null);
            awaitFlood(5);
            AnomalyJobRuns.until("somebody to be told of version 5")
                    .until(() -> String.join("", slack.texts()).contains("version 5"));

            assertThat(String.join("", slack.texts()))
                    .contains("version 2")
                    .doesNotContain("version 3")
                    .doesNotContain("version 4")
                    .doesNotContain("version 1\n");
            assertThat(runs.records("alerts"))
                    .noneMatch(alert -> alert.get("rule_version").asInt() == 3);
            String visible =
                    FLINK.miniCluster()
                            .getExecutionGraph(job.id())
                            .get()
                            .getArchivedExecutionConfig()
                            .getGlobalJobParameters()
                            .toString();
            assertThat(visible).doesNotContain("s3cr3t").contains("anomaly.retention");
            job.cancel();
        }
    }

    private void awaitFlood(int version) {
        AnomalyJobRuns.until("an alert by version " + version)
                .until(
                        () -> {
                            flood(6);
                            return runs.records("alerts").stream()
                                    .anyMatch(a -> a.get("rule_version").asInt() == version);
                        });
    }

    private List<String> opened(int first) {
        return runs.records("alerts").stream()
                .filter(alert -> alert.get("status").asText().equals("OPEN"))
                .map(alert -> alert.get("entity_id").asText())
                .filter(device -> Integer.parseInt(device.substring(2)) > first)
                .toList();
    }

    /** Some clicks of one more device, of an advertiser of its own. */
    private void flood(int clicks) {
        floods++;
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < clicks; i++) {
            records.add(
                    new ProducerRecord<>(
                            runs.topic("ad-events"),
                            floods % AnomalyJobRuns.PARTITIONS,
                            null,
                            AdEventJson.click("e-" + ++ids)
                                    .advertiser("adv-" + floods)
                                    .device("d-" + floods)
                                    .at(Instant.now())
                                    .json()));
        }
        kafka.produce(records);
    }

    private void rule(
            int version, Rule.State state, Map<String, Double> params, @Nullable Long mutedUntil) {
        control(
                RuleRecord.value(
                        new Rule(
                                RuleId.CLICK_FLOOD.id(),
                                version,
                                Rule.Scope.GLOBAL,
                                "",
                                params,
                                state,
                                mutedUntil)));
    }

    private void control(String record) {
        kafka.produce(runs.topic("control"), record.getBytes(UTF_8));
    }

    private static String header(Header header) {
        return new String(header.value(), UTF_8);
    }
}
