package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.testing.ProjectRoot;
import io.adstream.testing.oracle.ExpectedMetrics;
import io.adstream.testing.oracle.LateRule;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.oracle.MetricsRow;
import io.adstream.testing.oracle.RowKey;
import io.adstream.testing.oracle.Window;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.KafkaProcess;
import io.adstream.testing.services.RedisProcess;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import redis.clients.jedis.Jedis;

/** The command against real servers. */
@ExtendWith(ServicesExtension.class)
class TrafficITCase {

    private static final Map<String, String> APPEND_TIME =
            Map.of("message.timestamp.type", "LogAppendTime");

    @TempDir private static Path brokerFolder;
    private static KafkaProcess kafka;

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void startBroker() {
        kafka = KafkaBroker.start(brokerFolder);
        kafka.createTopicNamed("ad-events", 4, APPEND_TIME);
        kafka.createTopicNamed("commerce-events", 4, APPEND_TIME);
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    private int run(String... arguments) {
        return new CommandLine(new TrafficCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(
                        (e, line, result) -> {
                            err.append(e.getMessage());
                            return 1;
                        })
                .execute(arguments);
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    private static String brokers() {
        return "--bootstrap-servers=" + kafka.bootstrapServers();
    }

    /** Records that came since, in the order of their offsets per partition. */
    private static List<ConsumerRecord<byte[], byte[]>> since(
            List<ConsumerRecord<byte[], byte[]>> before, String topic) {
        Map<Integer, Long> ends = new HashMap<>();
        before.forEach(record -> ends.merge(record.partition(), record.offset(), Math::max));
        return kafka.readAll(topic).stream()
                .filter(record -> record.offset() > ends.getOrDefault(record.partition(), -1L))
                .toList();
    }

    @Test
    void theSimulationArrivesAsReported() throws IOException {
        var adsBefore = kafka.readAll("ad-events");
        var shopBefore = kafka.readAll("commerce-events");
        int code =
                run(
                        brokers(),
                        "--seed=3",
                        "--rate=200",
                        "--events=60000",
                        "--speed=max",
                        "--broken=0.02",
                        "--late=0.01",
                        "--json");
        assertThat(code).as(err::toString).isZero();
        JsonNode report = report();
        assertThat(report.get("delivered").asLong()).isEqualTo(60_000);
        assertThat(report.get("undelivered").asLong()).isZero();
        var ads = since(adsBefore, "ad-events");
        var shop = since(shopBefore, "commerce-events");
        assertThat(ads.size() + shop.size()).isEqualTo(60_000);
        assertThat(expected(ads)).isEqualTo(counts(report, "ad-events"));
        assertThat(expected(shop)).isEqualTo(counts(report, "commerce-events"));
        assertThat(ads.stream().map(ConsumerRecord::partition).distinct()).hasSize(4);
        assertThat(Instant.parse(report.at("/event_time/last").asText())).isBefore(Instant.now());
        agreesWithTheBatchCount(report, ads);
        // A conflict comes behind its original, in the same partition.
        Map<String, Integer> partitions = new HashMap<>();
        Recount recount = new Recount(InputTopic.AD_EVENTS);
        for (ConsumerRecord<byte[], byte[]> record : ads) {
            String text =
                    record.value() == null
                            ? ""
                            : new String(record.value(), StandardCharsets.UTF_8);
            if (expected(record).equals("ID_CONFLICT")) {
                assertThat(partitions.get(text.substring(0, 50))).isEqualTo(record.partition());
            } else if (text.length() > 50) {
                partitions.put(text.substring(0, 50), record.partition());
            }
            if (record.value() == null) {
                assertThat(recount.add(null)).isEqualTo(expected(record));
            }
        }
    }

    private static void agreesWithTheBatchCount(
            JsonNode report, List<ConsumerRecord<byte[], byte[]>> ads) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Set<String> late = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : ads) {
            if (expected(record).equals("LATE")) {
                late.add(json.readTree(record.value()).get("event_id").asText());
            }
        }
        ExpectedMetrics counted =
                MetricsBatchCount.with().late(LateRule.ids(late)).build().addAll(ads).expected();
        JsonNode topic = report.at("/topics/ad-events");
        assertThat(counted.received()).isEqualTo(topic.get("sent").asLong());
        assertThat(counted.rejected()).isEqualTo(topic.get("rejected").asLong());
        long impressions = 0;
        long clicks = 0;
        long conversions = 0;
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal revenue = BigDecimal.ZERO;
        for (Map.Entry<RowKey, MetricsRow> entry : counted.rows().entrySet()) {
            if (entry.getKey().entityType().equals("ADVERTISER")
                    && entry.getKey().window() == Window.ONE_HOUR) {
                MetricsRow row = entry.getValue();
                impressions += row.impressions();
                clicks += row.clicks();
                conversions += row.conversions();
                cost = cost.add(row.totalCost());
                revenue = revenue.add(row.totalRevenue());
            }
        }
        JsonNode valid = report.get("valid_ad_events");
        assertThat(impressions).isEqualTo(valid.get("impressions").asLong());
        assertThat(clicks).isEqualTo(valid.get("clicks").asLong());
        assertThat(conversions).isEqualTo(valid.get("conversions").asLong());
        assertThat(cost).isEqualByComparingTo(valid.get("total_cost").asText());
        assertThat(revenue).isEqualByComparingTo(valid.get("total_revenue").asText());
        assertThat(counted.conversionsWithoutIds())
                .isEqualTo(valid.get("conversions_without_ad").asLong());
    }

    private static String expected(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(KafkaRecords.EXPECTED_HEADER);
        return header == null ? "VALID" : new String(header.value(), StandardCharsets.US_ASCII);
    }

    private static Map<String, Long> expected(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Long> counts = new TreeMap<>();
        records.forEach(record -> counts.merge(expected(record), 1L, Long::sum));
        return counts;
    }

    private static Map<String, Long> counts(JsonNode report, String topic) {
        JsonNode node = report.get("topics").get(topic);
        Map<String, Long> counts = new TreeMap<>();
        for (Verdict verdict : List.of(Verdict.VALID, Verdict.DUPLICATE, Verdict.LATE)) {
            counts.put(verdict.name(), node.get(verdict.name().toLowerCase(Locale.ROOT)).asLong());
        }
        node.get("rejected_by_code")
                .properties()
                .forEach(code -> counts.put(code.getKey(), code.getValue().asLong()));
        return counts;
    }

    @Test
    void liveTrafficHasTheEventTimeOfNowAndOutlivesAFrozenBroker() throws Exception {
        var before = kafka.readAll("ad-events");
        CompletableFuture<Integer> run =
                CompletableFuture.supplyAsync(
                        () ->
                                run(
                                        brokers(),
                                        "--rate=500",
                                        "--events=3000",
                                        "--clean",
                                        "--commerce-share=0",
                                        "--json"));
        Awaitility.await().until(() -> since(before, "ad-events").size() > 500);
        kafka.pause();
        Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        kafka.resume();
        assertThat(run.get(60, TimeUnit.SECONDS)).as(err::toString).isZero();
        assertThat(report().get("took_ms").asLong()).isBetween(5_900L, 15_000L);
        var records = since(before, "ad-events");
        assertThat(records).hasSize(3_000);
        ObjectMapper json = new ObjectMapper();
        List<Long> times = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode time = json.readTree(record.value()).get("event_time");
            long eventTime =
                    time.isNumber()
                            ? time.asLong()
                            : OffsetDateTime.parse(time.asText()).toInstant().toEpochMilli();
            times.add(eventTime);
            assertThat(record.timestamp() - eventTime).isBetween(-10L, 10_000L);
        }
        times.sort(Comparator.naturalOrder());
        assertThat(times.get(2_999) - times.get(0)).isBetween(5_990L, 6_010L);
    }

    @Test
    void aLogIsSentLineByLine() throws IOException {
        String topic = kafka.createTopic("own-log", 3, APPEND_TIME);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            lines.add(
                    "{\"event_id\":\"e-%d\",\"event_time\":\"2019-11-24T00:%02d:%02d.250Z\",\"device_id\":\"d-%d\"}"
                            .formatted(i, i / 60, i % 60, i % 7));
        }
        lines.add("not json");
        Path file = Files.write(folder.resolve("log.ndjson"), lines);
        assertThat(run(brokers(), "--from=" + file, "--topic=" + topic, "--speed=max", "--json"))
                .as(err::toString)
                .isZero();
        var records = kafka.readAll(topic);
        assertThat(records.stream().map(r -> new String(r.value(), StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrderElementsOf(lines);
        assertThat(records).allMatch(r -> !r.headers().iterator().hasNext());
        assertThat(
                        records.stream()
                                .filter(r -> r.key() != null)
                                .collect(
                                        Collectors.groupingBy(
                                                r -> new String(r.key(), StandardCharsets.UTF_8),
                                                Collectors.mapping(
                                                        ConsumerRecord::partition,
                                                        Collectors.toSet()))))
                .hasSize(7)
                .allSatisfy((key, partitions) -> assertThat(partitions).hasSize(1));
        assertThat(report().get("not_json").asLong()).isEqualTo(1);
    }

    @Test
    void aBrokerThatIsAwayAndATopicThatIsMissingAreNamed() {
        assertThat(run("--bootstrap-servers=127.0.0.1:1", "--events=1")).isEqualTo(1);
        assertThat(err.toString())
                .contains("No Kafka broker answers at 127.0.0.1:1")
                .contains("./adstream up");
        assertThat(run(brokers(), "--from=" + ProjectRoot.resolve("pom.xml"), "--topic=nowhere"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("nowhere").contains("./adstream topics apply");
    }

    @Test
    void aLogThatWouldAllBeLateIsNotSentUnlessForced(TestDatabase database) throws IOException {
        database.execute(
                "insert into realtime.progress (job, watermark, updated_at)"
                        + " values ('metrics', '2026-11-20T12:00:00Z', now())");
        String topic = kafka.createTopic("late-log", 1, APPEND_TIME);
        Path file =
                Files.writeString(
                        folder.resolve("old.ndjson"),
                        "{\"event_id\":\"e\",\"event_time\":\"2019-11-24T00:00:00Z\"}\n");
        String[] arguments = {
            brokers(),
            "--from=" + file,
            "--topic=" + topic,
            "--speed=max",
            "--postgres=" + database.jdbcUrlWithCredentials()
        };
        assertThat(run(arguments)).isEqualTo(ReplayRun.ALL_LATE);
        assertThat(err.toString())
                .contains("would be LATE")
                .contains("2019-11-24T00:00:00Z")
                .contains("--shift-to-now")
                .contains("--force");
        assertThat(kafka.readAll(topic)).isEmpty();

        assertThat(run(with(arguments, "--force"))).isZero();
        assertThat(kafka.readAll(topic)).hasSize(1);
        assertThat(run(with(arguments, "--shift-to-now"))).isZero();
        String shifted = new String(kafka.readAll(topic).get(1).value(), StandardCharsets.UTF_8);
        assertThat(shifted)
                .startsWith("{\"event_id\":\"e\",\"event_time\":\"20")
                .doesNotContain("2019");
    }

    private static String[] with(String[] arguments, String more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void theAdServerKeepsItsAccountAndObeysPauses(RedisServer redis, TestDatabase database)
            throws Exception {
        database.execute(
                "insert into budget.campaigns (campaign_id, advertiser_id, daily_budget)"
                        + " values ('cmp-2', 'adv-own', 1)");
        redis.flush();
        var before = kafka.readAll("ad-events");
        try (Jedis client = redis.connect()) {
            client.hset("campaign:cmp-1:status", "status", "PAUSED");
            client.hset("campaign:cmp-3:status", "status", "ACTIVE");
            assertThat(
                            run(
                                    brokers(),
                                    "--rate=5000",
                                    "--events=30000",
                                    "--speed=max",
                                    "--commerce-share=0",
                                    "--broken=0",
                                    "--redis=" + redis.host() + ":" + redis.port(),
                                    "--postgres=" + database.jdbcUrlWithCredentials(),
                                    "--json"))
                    .as(err::toString)
                    .isZero();
            BigDecimal spent = BigDecimal.ZERO;
            for (String key : client.keys("budget:*:spent")) {
                assertThat(key).matches("budget:cmp-\\d+:\\d{4}-\\d\\d-\\d\\d:spent");
                assertThat(client.ttl(key)).isBetween(259_000L, 259_200L);
                spent = spent.add(BigDecimal.valueOf(Long.parseLong(client.get(key)), 6));
            }
            BigDecimal cost = BigDecimal.ZERO;
            int served = 0;
            ObjectMapper json = new ObjectMapper();
            for (ConsumerRecord<byte[], byte[]> record : since(before, "ad-events")) {
                JsonNode event = json.readTree(record.value());
                if (expected(record).equals("DUPLICATE") || event.get("ad_id") == null) {
                    continue;
                }
                String type = event.get("event_type").asText();
                if (type.equals("IMPRESSION")
                        && event.get("campaign_id").asText().equals("cmp-1")) {
                    served++;
                }
                if (type.equals("CLICK")) {
                    cost = cost.add(new BigDecimal(event.get("actual_price").asText()));
                }
            }
            // Only what clients had kept for long is still of the paused campaign.
            assertThat(served).isLessThan(100);
            assertThat(spent).isPositive().isEqualByComparingTo(cost);
        }
        assertThat(database.queryLong("select count(*) from budget.campaigns")).isEqualTo(100);
        assertThat(
                        database.queryLong(
                                "select count(*) from budget.campaigns"
                                        + " where advertiser_id = 'adv-own'"))
                .as("a campaign that exists is left alone")
                .isEqualTo(1);
    }

    @Test
    void theAdServerSeesAPauseWithinASecondAndOutlivesRedis(@TempDir Path redisFolder) {
        List<String> notices = new CopyOnWriteArrayList<>();
        Marketplace market = new Marketplace(SimulationOptions.builder().build());
        Campaign campaign = market.campaigns().get(0);
        long time = Instant.parse("2026-11-20T23:30:00Z").toEpochMilli();
        String key = "budget:" + campaign.id() + ":2026-11-20:spent";
        try (RedisProcess redis = RedisServer.start(redisFolder);
                RedisAdServer server =
                        new RedisAdServer(
                                redis.host(), redis.port(), market.campaigns(), notices::add)) {
            assertThat(server.serves(campaign)).isTrue();
            server.spent(campaign, time, 250_000);
            try (Jedis client = redis.connect()) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(1))
                        .until(() -> "250000".equals(client.get(key)));
                client.hset("campaign:" + campaign.id() + ":status", "status", "PAUSED");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(1))
                        .until(() -> !server.serves(campaign));
                client.hset("campaign:" + campaign.id() + ":status", "status", "ACTIVE");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(1))
                        .until(() -> server.serves(campaign));
            }
            redis.kill();
            server.spent(campaign, time, 1_000);
            Awaitility.await().until(() -> !server.isReachable());
            server.spent(campaign, time, 2_000);
            redis.start();
            Awaitility.await().until(server::isReachable);
            try (Jedis client = redis.connect()) {
                Awaitility.await().until(() -> "3000".equals(client.get(key)));
            }
            assertThat(notices).hasSize(2);
            assertThat(notices.get(0)).contains("does not answer");
            assertThat(notices.get(1)).contains("answers again");
        }
    }

    @Test
    void spendIsKeptPerLocalDate(RedisServer redis) {
        Campaign newYork =
                new Marketplace(SimulationOptions.builder().build())
                        .campaigns().stream()
                                .filter(c -> c.timeZone().getId().equals("America/New_York"))
                                .findFirst()
                                .orElseThrow();
        redis.flush();
        try (RedisAdServer server =
                new RedisAdServer(
                        redis.host(), redis.port(), List.of(at(newYork, 0)), notice -> {})) {
            server.spent(at(newYork, 0), Instant.parse("2026-11-20T04:59:59Z").toEpochMilli(), 1);
            server.spent(at(newYork, 0), Instant.parse("2026-11-20T05:00:00Z").toEpochMilli(), 10);
        }
        try (Jedis client = redis.connect()) {
            assertThat(client.get(key(newYork, LocalDate.of(2026, 11, 19)))).isEqualTo("1");
            assertThat(client.get(key(newYork, LocalDate.of(2026, 11, 20)))).isEqualTo("10");
        }
    }

    private static Campaign at(Campaign campaign, int index) {
        return new Campaign(
                index,
                campaign.id(),
                campaign.advertiserId(),
                campaign.dailyBudgetMicros(),
                campaign.timeZone(),
                campaign.currency());
    }

    private static String key(Campaign campaign, LocalDate date) {
        return "budget:" + campaign.id() + ":" + date + ":spent";
    }
}
