package io.adstream.anomaly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.anomaly.notify.WebhookServer;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.StreamEntry;

/** The whole job on Kafka, Redis and PostgreSQL, with a webhook on loopback. */
@ExtendWith(ServicesExtension.class)
class AnomalyJobITCase {

    /** Parallelism 3 needs both TaskManagers. */
    @RegisterExtension
    static final FlinkCluster FLINK = FlinkCluster.with().taskManagers(2).slots(2).build();

    private static final String FALLING = "ad-5";

    /** What opens: an ad's score falls, too. */
    private static final List<String> INCIDENTS =
            Stream.concat(AdTraffic.INCIDENTS.stream(), Stream.of("quality-drop " + FALLING))
                    .toList();

    /** Five losses of a TaskManager and a rescale leave what an uninterrupted run leaves. */
    @Test
    void killedFiveTimesItSaysWhatItWouldHaveSaid(
            KafkaBroker kafka, RedisServer redis, TestDatabase database, @TempDir Path folder)
            throws Exception {
        redis.flush();
        List<String> undisturbed;
        Map<String, String> samples;
        try (WebhookServer slack = new WebhookServer(0)) {
            AnomalyJobRuns runs =
                    runs(kafka, redis, database, "anomaly-calm-", folder, slack).createTopics();
            RunningJob job = runs.start(null, 2, "hashmap");
            kafka.produce(traffic("anomaly-calm-"));
            kafka.produce(scores("anomaly-calm-"));
            awaitEnd(runs);
            job.cancel();
            undisturbed = runs.steps();
            samples = samples(runs);
            assertThat(samples.values()).isNotEmpty().doesNotContain("[]");
            assertThat(runs.opened()).isEqualTo(INCIDENTS);
            assertThat(undisturbed).hasSize(2 * INCIDENTS.size());
        }
        redis.flush();
        database.execute("truncate alerts.alerts; truncate anomaly.notifications");

        try (WebhookServer slack = new WebhookServer(0)) {
            String prefix = "anomaly-kills-";
            AnomalyJobRuns runs =
                    runs(kafka, redis, database, prefix, folder, slack).createTopics();
            List<ProducerRecord<byte[], byte[]>> records = traffic(prefix);
            List<ProducerRecord<byte[], byte[]>> scores = scores(prefix);
            RunningJob job = runs.start(null, 3, "rocksdb").awaitRunning();
            int chunk = records.size() / 6;
            for (int kill = 0; kill < 5; kill++) {
                kafka.produce(records.subList(kill * chunk, (kill + 1) * chunk));
                kafka.produce(scores.subList(Math.min(kill, 2), Math.min(kill + 1, 2)));
                FLINK.endTaskManager(kill);
                FLINK.startTaskManager();
                job.awaitRestarts(kill + 1);
                if (kill == 3) {
                    job.awaitCheckpoints(1);
                }
            }
            String savepoint = job.stopWithSavepoint();
            job = runs.start(savepoint, 2, "rocksdb");
            kafka.produce(records.subList(5 * chunk, records.size()));
            kafka.produce(scores.subList(2, scores.size()));
            awaitEnd(runs);
            awaitStores(database, slack);
            job.cancel();

            assertThat(runs.steps()).isEqualTo(undisturbed);
            assertThat(samples(runs)).isEqualTo(samples);
            assertThat(penalties(runs)).containsExactly("ad-1 2", "ad-4 1", "ad-4 1");
            assertThat(rows(database)).isEqualTo(finalSteps(runs));
            assertThat(new HashSet<>(stream(redis))).isEqualTo(new HashSet<>(undisturbed));
            assertThat(stream(redis)).doesNotHaveDuplicates();
            assertToldOnce(slack, undisturbed);
        }
    }

    private static void awaitEnd(AnomalyJobRuns runs) {
        AnomalyJobRuns.until("every incident to be over")
                .until(
                        () ->
                                runs.steps().stream().filter(s -> s.contains(" RESOLVED ")).count()
                                        == INCIDENTS.size());
    }

    private static void awaitStores(TestDatabase database, WebhookServer slack) {
        int incidents = INCIDENTS.size();
        AnomalyJobRuns.until("the table and the webhook to know all")
                .until(
                        () ->
                                database.queryLong(
                                                        "select count(*) from alerts.alerts where"
                                                                + " status = 'RESOLVED'")
                                                == incidents
                                        && String.join("\n", slack.texts())
                                                        .split("\\] RESOLVED ", -1)
                                                        .length
                                                == incidents + 1);
    }

    /** The clicks that alerts about ads name, by their alerts. */
    private static Map<String, String> samples(AnomalyJobRuns runs) {
        Map<String, String> samples = new HashMap<>();
        for (JsonNode alert : runs.records("alerts")) {
            if (List.of("ctr-spike", "cvr-drop").contains(alert.get("rule_id").asText())
                    && alert.get("status").asText().equals("OPEN")) {
                samples.put(
                        alert.get("alert_id").asText(), alert.get("sample_event_ids").toString());
            }
        }
        return samples;
    }

    private static List<String> penalties(AnomalyJobRuns runs) {
        Set<String> penalties = new HashSet<>();
        for (JsonNode record : runs.records("quality-score-updates")) {
            if (record.get("type").asText().equals("SCORE")) {
                continue;
            }
            assertThat(record.get("type").asText()).isEqualTo("PENALTY");
            assertThat(
                            penalties.add(
                                    record.get("ad_id").asText()
                                            + " "
                                            + record.get("points").asText()
                                            + " "
                                            + record.get("alert_id").asText()))
                    .isTrue();
        }
        return penalties.stream().map(p -> p.substring(0, p.lastIndexOf(' '))).sorted().toList();
    }

    private static Set<String> rows(TestDatabase database) {
        Set<String> rows = new HashSet<>();
        database.query(
                        "select rule_id, entity_id, status, alert_id, resolved_at >= opened_at as"
                                + " fine, (extract(epoch from opened_at) * 1000)::bigint as opened"
                                + " from alerts.alerts")
                .forEach(
                        row -> {
                            assertThat(row.get("fine")).isEqualTo(true);
                            rows.add(
                                    row.get("rule_id")
                                            + " "
                                            + row.get("entity_id")
                                            + " "
                                            + row.get("status")
                                            + " "
                                            + row.get("alert_id")
                                            + " opened at "
                                            + row.get("opened"));
                        });
        return rows;
    }

    /** Each incident as its last step, and when it opened. */
    private static Set<String> finalSteps(AnomalyJobRuns runs) {
        Map<String, Long> openedAt = new HashMap<>();
        for (JsonNode alert : runs.records("alerts")) {
            if (alert.get("status").asText().equals("OPEN")) {
                openedAt.put(
                        alert.get("alert_id").asText(),
                        Instant.parse(alert.get("at").asText()).toEpochMilli());
            }
        }
        Set<String> steps = new HashSet<>();
        for (String step : runs.steps()) {
            if (step.contains(" RESOLVED ")) {
                String id = step.substring(step.lastIndexOf(' ') + 1);
                steps.add(step + " opened at " + openedAt.get(id));
            }
        }
        return steps;
    }

    /** Entries of the stream but updates. */
    private static List<String> stream(RedisServer redis) {
        List<String> entries = new ArrayList<>();
        try (Jedis client = redis.connect()) {
            for (StreamEntry entry : client.xrange("alerts:recent", "-", "+")) {
                Map<String, String> fields = entry.getFields();
                if (!fields.get("status").equals("UPDATE")) {
                    entries.add(
                            String.join(
                                    " ",
                                    fields.get("rule_id"),
                                    fields.get("entity_id"),
                                    fields.get("status"),
                                    fields.get("alert_id")));
                }
            }
        }
        return entries;
    }

    private static void assertToldOnce(WebhookServer slack, List<String> steps) {
        String all = String.join("\n", slack.texts());
        for (String step : steps) {
            String[] words = step.split(" ", -1);
            assertThat(
                            all.split(
                                            "] "
                                                    + words[2]
                                                    + " "
                                                    + words[0]
                                                    + ": [A-Z]+ "
                                                    + words[1].replace(".", "\\."),
                                            -1)
                                    .length)
                    .as("times that somebody was told of %s", step)
                    .isEqualTo(2);
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> traffic(String prefix) {
        return new AdTraffic(prefix + "ad-events", AnomalyJobRuns.PARTITIONS, 5).records();
    }

    /** A fall of exactly two points, and what shows an hour later that time has gone on. */
    private static List<ProducerRecord<byte[], byte[]>> scores(String prefix) {
        String topic = prefix + "quality-score-updates";
        return List.of(
                new ProducerRecord<>(topic, 0, null, score(FALLING, "8.4", 0)),
                new ProducerRecord<>(topic, 0, null, score(FALLING, "6.4", 5)),
                new ProducerRecord<>(topic, 0, null, score("ad-6", "5.5", 90)),
                new ProducerRecord<>(topic, 1, null, score("ad-7", "5.5", 90)),
                new ProducerRecord<>(topic, 2, null, score("ad-8", "5.5", 90)));
    }

    private static byte[] score(String ad, String baseScore, int minute) {
        return """
                {"schema_version":1,"type":"SCORE","ad_id":"%s","score":%s,"base_score":%s,"at":"%s"}"""
                .formatted(ad, baseScore, baseScore, AdTraffic.START.plusSeconds(60L * minute))
                .getBytes(UTF_8);
    }

    private static AnomalyJobRuns runs(
            KafkaBroker kafka,
            RedisServer redis,
            TestDatabase database,
            String prefix,
            Path folder,
            WebhookServer slack)
            throws Exception {
        Path webhook = Files.writeString(folder.resolve(prefix + "webhook"), slack.address());
        Map<String, String> extra = new HashMap<>();
        extra.put("notify.slack-webhook-file", webhook.toString());
        extra.put("notify.max-per-minute", "600");
        return new AnomalyJobRuns(FLINK, kafka, redis, database, prefix, folder, extra);
    }
}
