package io.adstream.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.services.KafkaBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/**
 * All six jobs together: events become METRICS, METRICS become SCORES, a SCORE that falls and a
 * flood of clicks become alerts, the flood a PENALTY, and the PENALTY a SCORE again.
 */
class ScoreChainITCase {

    private static final String GOOD = "ad-good";
    private static final String FLOODED = "ad-3";
    private static final int ADS = 10;
    private static final int MINUTES = 185;
    private static final int FALL = 100;
    private static final int FLOOD = 130;

    @TempDir static Path folder;

    private static final CommandRun RUN = new CommandRun();

    private final Instant start =
            Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(4));
    private int events;

    @BeforeAll
    static void up() throws IOException {
        assertThat(
                        command(
                                "up",
                                "-d",
                                "--no-traffic",
                                "--parallelism=2",
                                "--state-backend=hashmap",
                                "--port-offset=" + FreePorts.offset()))
                .as(RUN.out() + RUN.err())
                .isZero();
        assertThat(status().path("jobs").size()).as("jobs that run").isEqualTo(6);
    }

    @AfterAll
    static void down() {
        command("down");
    }

    @Test
    void fromAnEventToAScoreThatItLowers() throws IOException {
        JsonNode status = status();
        KafkaBroker kafka = broker(status.path("kafka").asText());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int minute = 0; minute < MINUTES; minute++) {
            addMinute(records, minute);
        }
        kafka.produce(records);

        eventually("the metrics of an ad")
                .until(
                        () ->
                                any(
                                        records(kafka, "performance-metrics"),
                                        row ->
                                                has(row, "entity_id", GOOD)
                                                        && has(row, "window", "5m")));
        JsonNode drop = await(kafka, "alerts", alert("quality-drop", GOOD));
        assertThat(drop.get("usual").asDouble() - drop.get("observed").asDouble())
                .isGreaterThanOrEqualTo(2);
        List<JsonNode> scores =
                records(kafka, "quality-score-updates").stream()
                        .filter(score -> has(score, "type", "SCORE") && has(score, "ad_id", GOOD))
                        .toList();
        assertThat(scores).anyMatch(score -> near(drop, "usual", score));
        assertThat(scores).anyMatch(score -> near(drop, "observed", score));

        JsonNode penalty =
                await(kafka, "quality-score-updates", record -> has(record, "type", "PENALTY"));
        assertThat(penalty.get("ad_id").asText()).isEqualTo(FLOODED);
        JsonNode flood = await(kafka, "alerts", alert("click-flood", "d-flood"));
        assertThat(records(kafka, "alerts"))
                .extracting(alert -> alert.get("alert_id"))
                .contains(penalty.get("alert_id"), flood.get("alert_id"));

        double points = penalty.get("points").asDouble();
        JsonNode lowered =
                await(
                        kafka,
                        "quality-score-updates",
                        record ->
                                has(record, "ad_id", FLOODED)
                                        && record.path("components")
                                                        .path("penalty_points")
                                                        .asDouble()
                                                >= points);
        assertThat(lowered.get("score").asDouble())
                .isCloseTo(
                        lowered.get("base_score").asDouble()
                                - lowered.get("components").get("penalty_points").asDouble(),
                        within(1e-9));
        assertThat(any(records(kafka, "alerts"), alert("quality-drop", FLOODED))).isFalse();
        assertServed(
                status.path("redis").asText(),
                status.path("dashboard").asText(),
                flood.get("alert_id").asText());
    }

    /** Ad servers find the scores in Redis; the dashboard shows the same ones, and the alert. */
    private static void assertServed(String address, String dashboard, String alertId) {
        String[] hostAndPort = address.split(":", 2);
        try (Jedis redis = new Jedis(hostAndPort[0], Integer.parseInt(hostAndPort[1]))) {
            for (String ad : List.of(GOOD, FLOODED)) {
                String key = "ad:" + ad + ":quality_score";
                eventually("the score of " + ad).until(() -> redis.exists(key));
                eventually("the score of " + ad + " on the dashboard")
                        .untilAsserted(
                                () ->
                                        assertThat(scores(dashboard, ad))
                                                .containsExactly(
                                                        Double.valueOf(redis.hget(key, "score"))));
            }
        }
        eventually("the flood on the dashboard")
                .untilAsserted(
                        () ->
                                assertThat(shown(dashboard, "alerts?status=all", "alerts"))
                                        .anyMatch(alert -> has(alert, "alert_id", alertId)));
    }

    private static List<Double> scores(String dashboard, String ad)
            throws IOException, InterruptedException {
        return shown(dashboard, "quality", "scores").stream()
                .filter(score -> has(score, "ad_id", ad))
                .map(score -> score.get("score").asDouble())
                .toList();
    }

    /** A list that a call of the dashboard answers with. */
    private static List<JsonNode> shown(String dashboard, String call, String list)
            throws IOException, InterruptedException {
        HttpResponse<String> response =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(dashboard + "/api/" + call))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        List<JsonNode> elements = new ArrayList<>();
        new ObjectMapper().readTree(response.body()).at("/data/" + list).forEach(elements::add);
        return elements;
    }

    /**
     * Each ad is shown twenty times a minute and clicked once, the good one eight times, until
     * nobody clicks it any more, however often it is shown.
     */
    private void addMinute(List<ProducerRecord<byte[], byte[]>> records, int minute) {
        Instant time = start.plus(Duration.ofMinutes(minute));
        for (int ad = 0; ad < ADS; ad++) {
            boolean good = ad == 0;
            String id = good ? GOOD : "ad-" + ad;
            boolean fallen = good && minute >= FALL;
            for (int shown = 0; shown < (fallen ? 200 : 20); shown++) {
                add(records, id, AdEventJson.impression("i-" + events), time.plusMillis(shown));
            }
            for (int clicked = 0; clicked < (fallen ? 0 : good ? 8 : 1); clicked++) {
                add(
                        records,
                        id,
                        AdEventJson.click("c-" + events).device("d-" + events).ip("ip-" + events),
                        time.plusSeconds(20 + clicked));
            }
        }
        for (int clicked = 0; minute == FLOOD && clicked < 150; clicked++) {
            add(
                    records,
                    FLOODED,
                    AdEventJson.click("f-" + events).device("d-flood").ip("ip-" + events),
                    time.plusMillis(300L * clicked));
        }
    }

    private void add(
            List<ProducerRecord<byte[], byte[]>> records,
            String adId,
            AdEventJson event,
            Instant time) {
        byte[] value =
                event.ad(adId)
                        .campaign("cmp-" + adId)
                        .advertiser("adv-1")
                        .category("shoes")
                        .price("0.01")
                        .at(time)
                        .json();
        records.add(new ProducerRecord<>("ad-events", events++ % 12, null, value));
    }

    private static Predicate<JsonNode> alert(String rule, String entity) {
        return alert -> has(alert, "rule_id", rule) && has(alert, "entity_id", entity);
    }

    private static boolean has(JsonNode record, String field, String value) {
        return record.path(field).asText().equals(value);
    }

    private static boolean near(JsonNode alert, String field, JsonNode score) {
        return Math.abs(alert.get(field).asDouble() - score.get("base_score").asDouble()) < 1e-5;
    }

    private static boolean any(List<JsonNode> records, Predicate<JsonNode> wanted) {
        return records.stream().anyMatch(wanted);
    }

    private static JsonNode await(KafkaBroker kafka, String topic, Predicate<JsonNode> wanted) {
        eventually("a record of " + topic).until(() -> any(records(kafka, topic), wanted));
        return records(kafka, topic).stream().filter(wanted).findFirst().orElseThrow();
    }

    private static ConditionFactory eventually(String what) {
        return Awaitility.await(what)
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofSeconds(2));
    }

    /** The committed records of a topic. */
    private static List<JsonNode> records(KafkaBroker kafka, String topic) {
        ObjectMapper mapper = new ObjectMapper();
        return kafka.readAll(topic).stream()
                .map(
                        record -> {
                            try {
                                return mapper.readTree(new String(record.value(), UTF_8));
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                .toList();
    }

    /** The system's own broker. */
    private static KafkaBroker broker(String address) {
        return new KafkaBroker() {
            @Override
            public String bootstrapServers() {
                return address;
            }

            @Override
            public String host() {
                return address.substring(0, address.indexOf(':'));
            }

            @Override
            public int port() {
                return Integer.parseInt(address.substring(address.indexOf(':') + 1));
            }

            @Override
            public void close() {}
        };
    }

    private static int command(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--data-dir=" + folder.resolve("data"));
        return RUN.exitCode(all.toArray(String[]::new));
    }

    private static JsonNode status() throws IOException {
        assertThat(command("status", "--json")).as(RUN.err()).isZero();
        return new ObjectMapper().readTree(RUN.out());
    }
}
