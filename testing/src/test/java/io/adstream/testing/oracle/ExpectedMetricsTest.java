package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.testing.events.AdEventJson;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.ServicesExtension;
import io.adstream.testing.services.TestDatabase;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redis.clients.jedis.Jedis;

/** Each comparison passes on the right content and reports each kind of wrong content. */
@ExtendWith(ServicesExtension.class)
class ExpectedMetricsTest {

    private static final long ARRIVAL = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    private final MetricsBatchCount count = MetricsBatchCount.with().keepEvents().build();
    private final ExpectedMetrics expected = expected();

    private ExpectedMetrics expected() {
        byte[][] values = {
            AdEventJson.impression("i1").at("2026-11-20T10:00:10Z").category("shoes").json(),
            AdEventJson.click("c1").at("2026-11-20T10:00:20Z").price("0.25").json(),
            AdEventJson.click("c1").at("2026-11-20T10:00:20Z").price("0.25").json(),
            AdEventJson.click("c2").at("2026-11-20T10:01:20Z").ad("ad-2").price("0.1").json(),
            AdEventJson.pixelConversion("v1").at("2026-11-20T10:00:30Z").value("9.99").json(),
            "{broken".getBytes(UTF_8),
            AdEventJson.click("c3").price("-1").json()
        };
        for (int i = 0; i < values.length; i++) {
            count.add(InputRecord.of(0, i, ARRIVAL, values[i]));
        }
        return count.expected();
    }

    @Test
    void comparesTables(TestDatabase database) throws Exception {
        insertRows(database);
        try (Connection connection = database.connect()) {
            assertThat(expected.compareWithPostgres(connection).assertEqual().count())
                    .isEqualTo(expected.rows().size());

            database.execute(
                    "update realtime.metrics_1min set total_cost = 0.26"
                            + " where entity_id = 'ad-1' and entity_type = 'AD'");
            assertThat(expected.compareWithPostgres(connection).report())
                    .contains("1 differences")
                    .contains(
                            "AD:ad-1:1m:2026-11-20T10:00:00Z: total_cost expected 0.25, found 0.26");

            database.execute("delete from realtime.metrics_1min where entity_id = 'ad-1'");
            assertThat(expected.compareWithPostgres(connection).report())
                    .contains("missing: AD:ad-1:1m");

            database.execute(
                    "update realtime.metrics_1hour set category = 'hats' where entity_id = 'ad-1'");
            assertThat(expected.compareWithPostgres(connection).report())
                    .contains("[cmp-1, adv-1, null], found [cmp-1, adv-1, hats]");

            database.execute(
                    "update realtime.metrics_5min set window_start = window_start + interval '5 min'"
                            + " where entity_id = 'ad-2'");
            assertThat(expected.compareWithPostgres(connection).report())
                    .contains("not expected: AD:ad-2:5m:2026-11-20T10:05:00Z")
                    .contains("missing: AD:ad-2:5m:2026-11-20T10:00:00Z");
        }
    }

    @Test
    void anEmptyTableIsNoSuccess(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThatThrownBy(
                            () ->
                                    MetricsBatchCount.with()
                                            .build()
                                            .expected()
                                            .compareWithPostgres(connection)
                                            .assertEqual())
                    .hasMessageContaining("nothing was compared");
        }
    }

    @Test
    void showsTwentyDifferencesAtMost(TestDatabase database) throws Exception {
        MetricsBatchCount many = MetricsBatchCount.with().build();
        for (int i = 0; i < 10; i++) {
            many.add(InputRecord.of(0, i, ARRIVAL, AdEventJson.click("c" + i).ad("ad" + i).json()));
        }
        try (Connection connection = database.connect()) {
            Comparison comparison = many.expected().compareWithPostgres(connection);
            assertThat(comparison.differenceCount()).isEqualTo(36);
            assertThat(comparison.report()).hasLineCount(22).endsWith("and 16 more");
        }
    }

    @Test
    void comparesRecords() {
        List<ConsumerRecord<byte[], byte[]>> records = records();
        expected.compareWithKafka(records).assertEqual();

        records.add(record("x", "{\"type\":\"ATTRIBUTION\"}"));
        expected.compareWithKafka(records).assertEqual();

        ConsumerRecord<byte[], byte[]> first = records.get(0);
        String key = new String(first.key(), UTF_8);
        String json = new String(first.value(), UTF_8);
        assertThat(report(records, record(key, json.replace("\"clicks\":1", "\"clicks\":2"))))
                .contains(key.substring(0, 10))
                .contains("clicks expected 1, found 2");
        assertThat(report(records, record(key, json.replace("\"clicks\":1", "\"clicks\":0"))))
                .contains("fewer events than before");
        assertThat(report(records, record("other", json))).contains("key expected");
        assertThat(report(records, record(key, json.replace(":00.000Z", ":00Z"))))
                .contains("window_start expected 2026-11-20T10:00:00.000Z");
        assertThat(report(records, record(key, json.replace("\"clicks\":1", "\"clicks\":\"1\""))))
                .contains("found \"1\"");
        assertThat(report(records.subList(1, records.size()), record("x", "nonsense")))
                .contains("missing: ")
                .contains("x: not JSON");
    }

    @Test
    void comparesHashes(RedisServer server) {
        server.flush();
        Instant watermark = Instant.parse("2026-11-20T10:01:30Z");
        try (Jedis redis = server.connect()) {
            write(redis, "ad:ad-1:metrics:1m", key("AD", "ad-1", Window.ONE_MINUTE, "10:00"));
            write(redis, "ad:ad-2:metrics:1m:live", key("AD", "ad-2", Window.ONE_MINUTE, "10:01"));
            write(
                    redis,
                    "advertiser:adv-1:metrics:1h:live",
                    key("ADVERTISER", "adv-1", Window.ONE_HOUR, "10:00"));
            assertThat(expected.compareWithRedis(redis, watermark, false).assertEqual().count())
                    .isEqualTo(3);

            assertThat(expected.compareWithRedis(redis, watermark, true).report())
                    .contains("campaign:cmp-1:metrics:1m: absent");

            redis.hset("ad:ad-1:metrics:1m", "total_cost", "0.250");
            redis.hset("ad:ad-1:metrics:1m", "extra", "1");
            redis.hdel("ad:ad-2:metrics:1m:live", "revision");
            assertThat(expected.compareWithRedis(redis, watermark, false).report())
                    .contains("total_cost expected 0.25, found 0.250")
                    .contains("not a plain number: 0.250")
                    .contains("fields expected")
                    .contains("ad:ad-2:metrics:1m:live: revision null");
        }
    }

    @Test
    void comparesDeadLetters() {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        letters.add(letter(5, "MALFORMED", "{broken".getBytes(UTF_8)));
        letters.add(letter(6, "BAD_VALUE", AdEventJson.click("c3").price("-1").json()));
        expected.compareWithDeadLetters("ad-events", letters).assertEqual();

        assertThat(expected.compareWithDeadLetters("ad-events", letters.subList(1, 2)).report())
                .contains("missing: 0:5 MALFORMED {broken");
        letters.add(letters.get(0));
        assertThat(expected.compareWithDeadLetters("ad-events", letters).report())
                .contains("0:5: not expected, or twice");
        letters.set(2, letter(0, "BAD_TYPE", new byte[0]));
        letters.set(0, letter(5, "BAD_TYPE", "{broke".getBytes(UTF_8)));
        assertThat(expected.compareWithDeadLetters("ad-events", letters).report())
                .contains("0:5: code expected MALFORMED, found BAD_TYPE")
                .contains("0:5: the value was changed")
                .contains("0:0: not expected");
    }

    @Test
    void comparesIngestCounters(TestDatabase database) throws Exception {
        database.execute(
                "insert into realtime.ingest_1min values"
                        + " ('metrics', 'ad-events', '2026-11-20T10:00Z', 4, 3, 1, 0, 0, null),"
                        + " ('metrics', 'ad-events', '2026-11-20T10:01Z', 3, 1, 0, 0, 2,"
                        + " '{\"MALFORMED\": 1, \"BAD_VALUE\": 1}')");
        try (Connection connection = database.connect()) {
            expected.compareWithIngest(connection, "metrics", "ad-events").assertEqual();
            assertThat(expected.compareWithIngest(connection, "metrics", "other").report())
                    .contains("received expected 7, found 0");
            database.execute(
                    "update realtime.ingest_1min set by_code = '{\"MALFORMED\": 2, \"ODD\": 1}'"
                            + " where rejected = 2");
            assertThat(expected.compareWithIngest(connection, "metrics", "ad-events").report())
                    .contains("MALFORMED expected 1, found 2")
                    .contains("BAD_VALUE expected 1, found 0")
                    .contains("unknown ODD 1");
        }
    }

    @Test
    void comparesRawEvents(TestDatabase database) throws Exception {
        database.execute(
                "create table realtime.raw_events_test partition of realtime.raw_events"
                        + " for values from ('2026-11-20') to ('2026-11-21')");
        database.execute(
                "insert into realtime.raw_events (event_day, event_id, event_type, event_time, ad_id,"
                        + " campaign_id, advertiser_id, category, actual_price, conversion_value)"
                        + " values ('2026-11-20', 'i1', 'IMPRESSION', '2026-11-20T10:00:10Z', 'ad-1',"
                        + " 'cmp-1', 'adv-1', 'shoes', null, null),"
                        + " ('2026-11-20', 'c1', 'CLICK', '2026-11-20T10:00:20Z', 'ad-1', 'cmp-1',"
                        + " 'adv-1', null, 0.25, null),"
                        + " ('2026-11-20', 'c2', 'CLICK', '2026-11-20T10:01:20Z', 'ad-2', 'cmp-1',"
                        + " 'adv-1', null, 0.1, null),"
                        + " ('2026-11-20', 'v1', 'CONVERSION', '2026-11-20T10:00:30Z', null, null,"
                        + " null, null, null, 9.99)");
        try (Connection connection = database.connect()) {
            assertThat(expected.compareWithRawEvents(connection).assertEqual().count())
                    .isEqualTo(4);
            database.execute(
                    "update realtime.raw_events set actual_price = 1 where event_id = 'c1'");
            database.execute("update realtime.raw_events set event_id = 'x' where event_id = 'v1'");
            assertThat(expected.compareWithRawEvents(connection).report())
                    .contains("expected AdEvent[eventId=c1")
                    .contains("not expected: AdEvent[eventId=x")
                    .contains("missing: AdEvent[eventId=v1");
        }
    }

    @Test
    void refusesInputWithoutASingleAnswer() {
        count.add(InputRecord.of(1, 0, ARRIVAL, AdEventJson.click("c1").price("5").json()));

        assertThat(count.expected().compareWithKafka(records()).report())
                .contains("conflicting records of one id in different partitions")
                .contains("[c1]");
    }

    private void insertRows(TestDatabase database) {
        expected.rows()
                .forEach(
                        (key, row) ->
                                database.execute(
                                        "insert into realtime."
                                                + key.window().table()
                                                + " (entity_type, entity_id, window_start, window_end,"
                                                + " campaign_id, advertiser_id, category, impressions,"
                                                + " clicks, conversions, total_cost, total_revenue, ctr,"
                                                + " cvr, cpc, revision) values ("
                                                + text(key.entityType())
                                                + text(key.entityId())
                                                + text(key.windowStart().toString())
                                                + text(key.windowEnd().toString())
                                                + text(row.campaignId())
                                                + text(row.advertiserId())
                                                + text(row.category())
                                                + String.join(", ", row.numbers().values())
                                                + ", 1)"));
    }

    private static String text(String value) {
        return value == null ? "null, " : "'" + value + "', ";
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        expected.rows()
                .forEach(
                        (key, row) -> {
                            StringBuilder json = new StringBuilder("{\"schema_version\":1,");
                            field(json, "type", "METRICS");
                            field(json, "entity_type", key.entityType());
                            field(json, "entity_id", key.entityId());
                            field(json, "window", key.window().label());
                            field(json, "window_start", millis(key.windowStart()));
                            field(json, "window_end", millis(key.windowEnd()));
                            field(json, "campaign_id", row.campaignId());
                            field(json, "advertiser_id", row.advertiserId());
                            field(json, "category", row.category());
                            row.numbers()
                                    .forEach(
                                            (name, number) ->
                                                    json.append('"')
                                                            .append(name)
                                                            .append("\":")
                                                            .append(number)
                                                            .append(','));
                            field(json, "updated_at", "2026-11-20T12:00:00.000Z");
                            json.append("\"revision\":1}");
                            records.add(
                                    record(
                                            key.entityType()
                                                    + ":"
                                                    + key.entityId()
                                                    + ":"
                                                    + key.window().label()
                                                    + ":"
                                                    + millis(key.windowStart()),
                                            json.toString()));
                        });
        return records;
    }

    private static void field(StringBuilder json, String name, String value) {
        json.append('"').append(name).append("\":");
        json.append(value == null ? "null" : "\"" + value + "\"").append(',');
    }

    private static String millis(Instant instant) {
        return instant.toString().replace("Z", ".000Z");
    }

    private String report(
            List<ConsumerRecord<byte[], byte[]>> records, ConsumerRecord<byte[], byte[]> another) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(records);
        all.add(another);
        return expected.compareWithKafka(all).report();
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String json) {
        return new ConsumerRecord<>(
                "performance-metrics", 0, 0, key.getBytes(UTF_8), json.getBytes(UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> letter(long offset, String code, byte[] value) {
        ConsumerRecord<byte[], byte[]> letter =
                new ConsumerRecord<>("ad-events.dlq", 0, 0, null, value);
        Map<String, String> headers =
                Map.of(
                        "code",
                        code,
                        "message",
                        "m",
                        "topic",
                        "ad-events",
                        "partition",
                        "0",
                        "offset",
                        Long.toString(offset),
                        "timestamp",
                        Long.toString(ARRIVAL),
                        "job",
                        "metrics",
                        "attempt",
                        "1");
        headers.forEach(
                (name, text) ->
                        letter.headers()
                                .add(
                                        new RecordHeader(
                                                "__flink.errors." + name, text.getBytes(UTF_8))));
        return letter;
    }

    private RowKey key(String type, String id, Window window, String time) {
        return new RowKey(type, id, window, Instant.parse("2026-11-20T" + time + ":00Z"));
    }

    private void write(Jedis redis, String redisKey, RowKey key) {
        Map<String, String> hash = new HashMap<>(expected.rows().get(key).numbers());
        hash.put("window_start", millis(key.windowStart()));
        hash.put("window_end", millis(key.windowEnd()));
        hash.put("revision", redisKey.endsWith(":live") ? "0" : "1");
        hash.put("updated_at", "2026-11-20T12:00:00.000Z");
        redis.hset(redisKey.toLowerCase(Locale.ROOT), hash);
    }
}
