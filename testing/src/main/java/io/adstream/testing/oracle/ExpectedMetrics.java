package io.adstream.testing.oracle;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.adstream.testing.oracle.MetricsBatchCount.CountedEvent;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * What the metrics job must have left after a batch of records. {@code revision} and {@code
 * updated_at} depend on how records arrived, so they are looked at for form only.
 */
public final class ExpectedMetrics {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
    private static final Pattern PLAIN_NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]{0,5}[1-9])?");
    private static final DateTimeFormatter ISO_MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final Set<String> HASH_FIELDS =
            Set.of(
                    "window_start",
                    "window_end",
                    "impressions",
                    "clicks",
                    "conversions",
                    "total_cost",
                    "total_revenue",
                    "ctr",
                    "cvr",
                    "cpc",
                    "revision",
                    "updated_at");

    private final SortedMap<RowKey, MetricsRow> rows;
    private final Map<Verdict, Long> verdicts;
    private final List<DeadLetter> deadLetters;
    private final List<CountedEvent> events;
    private final long conversionsWithoutIds;
    private final Set<String> ambiguousIds;

    ExpectedMetrics(
            SortedMap<RowKey, MetricsRow> rows,
            Map<Verdict, Long> verdicts,
            List<DeadLetter> deadLetters,
            List<CountedEvent> events,
            long conversionsWithoutIds,
            Set<String> ambiguousIds) {
        this.rows = Collections.unmodifiableSortedMap(rows);
        this.verdicts = new EnumMap<>(Verdict.class);
        this.verdicts.putAll(verdicts);
        this.deadLetters = List.copyOf(deadLetters);
        this.events = List.copyOf(events);
        this.conversionsWithoutIds = conversionsWithoutIds;
        this.ambiguousIds = Collections.unmodifiableSet(new TreeSet<>(ambiguousIds));
    }

    /** Every row of every window, closed or not. */
    public SortedMap<RowKey, MetricsRow> rows() {
        return rows;
    }

    /**
     * One row, or null where nothing was counted.
     *
     * @param window 1m, 5m or 1h
     * @param windowStart ISO-8601
     */
    public @Nullable MetricsRow row(
            String entityType, String entityId, String window, String windowStart) {
        return rows.get(
                new RowKey(
                        entityType, entityId, Window.ofLabel(window), Instant.parse(windowStart)));
    }

    /** How many records got the verdict. */
    public long count(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L);
    }

    /** How many records there were. */
    public long received() {
        return verdicts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many records were rejected, for whatever reason. */
    public long rejected() {
        return deadLetters.size();
    }

    /** What must be on the dead-letter topic. */
    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    /** The counted events, where the count was told to keep them. */
    public List<CountedEvent> events() {
        return events;
    }

    /** Valid conversions that lack one of the three ids and so count in no window. */
    public long conversionsWithoutIds() {
        return conversionsWithoutIds;
    }

    /** Ids of which conflicting records lie in different partitions: either may have come first. */
    public Set<String> ambiguousIds() {
        return ambiguousIds;
    }

    /**
     * The same expectation with only those windows that have ended by an instant, as the watermark
     * or {@code realtime.progress.final_before} says.
     */
    public ExpectedMetrics closedBy(Instant instant) {
        TreeMap<RowKey, MetricsRow> closed = new TreeMap<>();
        rows.forEach(
                (key, row) -> {
                    if (!key.windowEnd().isAfter(instant)) {
                        closed.put(key, row);
                    }
                });
        return new ExpectedMetrics(
                closed, verdicts, deadLetters, events, conversionsWithoutIds, ambiguousIds);
    }

    /** Compares every row of the three tables with the rows here; both sides must be complete. */
    public Comparison compareWithPostgres(Connection connection) throws SQLException {
        Comparison comparison = new Comparison("PostgreSQL rows");
        refuseAmbiguity(comparison);
        Set<RowKey> found = new HashSet<>();
        for (Window window : Window.values()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // Without a transaction the driver would load the whole table at once.
                statement.setFetchSize(10_000);
                try (ResultSet table =
                        statement.executeQuery("select * from realtime." + window.table())) {
                    while (table.next()) {
                        found.add(compareRow(table, window, comparison));
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(autoCommit);
            }
        }
        reportMissing(found, comparison);
        return comparison;
    }

    /**
     * Compares METRICS records with the rows here; both sides must be complete. Of each key the
     * last record counts. A record that holds fewer events than an earlier one of its key is
     * reported: rows only grow.
     */
    public Comparison compareWithKafka(List<ConsumerRecord<byte[], byte[]>> records) {
        Comparison comparison = new Comparison("Kafka METRICS records");
        refuseAmbiguity(comparison);
        Map<String, JsonNode> newest = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String key = record.key() == null ? "null" : new String(record.key(), UTF_8);
            JsonNode json;
            try {
                json = JSON.readTree(record.value());
            } catch (IOException e) {
                comparison.differs(key + ": not JSON: " + e.getMessage());
                continue;
            }
            if (!json.path("type").asText().equals("METRICS")) {
                continue;
            }
            JsonNode before = newest.put(key, json);
            if (before != null && events(before) > events(json)) {
                comparison.differs(
                        key + ": fewer events than before: " + before + ", then " + json);
            }
        }
        Set<RowKey> found = new HashSet<>();
        newest.forEach((key, json) -> found.add(compareRecord(key, json, comparison)));
        reportMissing(found, comparison);
        return comparison;
    }

    /**
     * Compares the keys of Redis with the rows here: per entity and window length the newest window
     * that has ended by the instant, and under {@code :live} the newest that has not. A key that is
     * there must be right.
     *
     * @param watermark what decides whether a window has ended
     * @param mustBeThere whether an absent key is a difference; keys of one minute live for five
     */
    public Comparison compareWithRedis(Jedis redis, Instant watermark, boolean mustBeThere) {
        Comparison comparison = new Comparison("Redis hashes");
        refuseAmbiguity(comparison);
        Map<String, RowKey> newest = new TreeMap<>();
        for (RowKey row : rows.keySet()) {
            boolean live = row.windowEnd().isAfter(watermark);
            newest.merge(
                    redisKey(row) + (live ? ":live" : ""),
                    row,
                    (a, b) -> a.windowStart().isAfter(b.windowStart()) ? a : b);
        }
        List<Map.Entry<String, RowKey>> entries = new ArrayList<>(newest.entrySet());
        for (int from = 0; from < entries.size(); from += 1_000) {
            List<Map.Entry<String, RowKey>> part =
                    entries.subList(from, Math.min(from + 1_000, entries.size()));
            List<Response<Map<String, String>>> hashes = new ArrayList<>();
            try (Pipeline pipeline = redis.pipelined()) {
                part.forEach(entry -> hashes.add(pipeline.hgetAll(entry.getKey())));
                pipeline.sync();
            }
            for (int i = 0; i < part.size(); i++) {
                String key = part.get(i).getKey();
                Map<String, String> hash = hashes.get(i).get();
                if (!hash.isEmpty()) {
                    compareHash(key, part.get(i).getValue(), hash, comparison);
                } else if (mustBeThere) {
                    comparison.differs(key + ": absent, expected " + part.get(i).getValue());
                }
            }
        }
        return comparison;
    }

    /**
     * Compares the records of a dead-letter topic with those expected: each once, unchanged in
     * bytes, key and headers, with its code and where it came from.
     *
     * @param sourceTopic the topic that was read
     */
    public Comparison compareWithDeadLetters(
            String sourceTopic, List<ConsumerRecord<byte[], byte[]>> records) {
        Comparison comparison = new Comparison("dead letters");
        refuseAmbiguity(comparison);
        DeadLetters.compare(comparison, sourceTopic, deadLetters, records);
        return comparison;
    }

    /** Compares the sums over all minutes of {@code realtime.ingest_1min} with the verdicts. */
    public Comparison compareWithIngest(Connection connection, String job, String topic)
            throws SQLException {
        Comparison comparison = new Comparison("ingest_1min");
        Map<String, Long> byCode = new TreeMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select code, sum(n::bigint) from realtime.ingest_1min,"
                                + " jsonb_each_text(coalesce(by_code, '{}'::jsonb)) as c(code, n)"
                                + " where job = ? and topic = ? group by code")) {
            statement.setString(1, job);
            statement.setString(2, topic);
            try (ResultSet codes = statement.executeQuery()) {
                while (codes.next()) {
                    byCode.put(codes.getString(1), codes.getLong(2));
                }
            }
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select sum(received), sum(valid), sum(duplicate), sum(late),"
                                + " sum(rejected), count(*) from realtime.ingest_1min"
                                + " where job = ? and topic = ?")) {
            statement.setString(1, job);
            statement.setString(2, topic);
            try (ResultSet sums = statement.executeQuery()) {
                sums.next();
                String where = job + " " + topic;
                if (sums.getLong(6) > 0) {
                    comparison.compared();
                }
                comparison.check(where, "received", received(), sums.getLong(1));
                comparison.check(where, "valid", count(Verdict.VALID), sums.getLong(2));
                comparison.check(where, "duplicate", count(Verdict.DUPLICATE), sums.getLong(3));
                comparison.check(where, "late", count(Verdict.LATE), sums.getLong(4));
                comparison.check(where, "rejected", rejected(), sums.getLong(5));
            }
        }
        for (Verdict verdict : Verdict.values()) {
            if (verdict.isRejected()) {
                Long found = byCode.remove(verdict.name());
                comparison.check(
                        "by_code", verdict.name(), count(verdict), found == null ? 0L : found);
            }
        }
        byCode.forEach((code, n) -> comparison.differs("by_code: unknown " + code + " " + n));
        return comparison;
    }

    /**
     * Compares {@code realtime.raw_events} with the counted events, which the count must have kept.
     * Which of several equal records of one id was first, and so gave partition and offset, is not
     * compared.
     */
    public Comparison compareWithRawEvents(Connection connection) throws SQLException {
        if (events.isEmpty() && count(Verdict.VALID) > 0) {
            throw new IllegalStateException("the count kept no events; see keepEvents()");
        }
        Comparison comparison = new Comparison("raw_events");
        refuseAmbiguity(comparison);
        Map<String, AdEvent> expected = new HashMap<>();
        for (CountedEvent counted : events) {
            expected.put(rawKey(counted.event()), counted.event());
        }
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select *, (event_time at time zone 'UTC')::date = event_day as"
                                        + " on_its_day from realtime.raw_events")) {
            while (row.next()) {
                comparison.compared();
                AdEvent found =
                        new AdEvent(
                                row.getString("event_id"),
                                row.getString("event_type"),
                                row.getObject("event_time", OffsetDateTime.class).toInstant(),
                                row.getString("ad_id"),
                                row.getString("campaign_id"),
                                row.getString("advertiser_id"),
                                row.getString("user_id"),
                                row.getString("device_id"),
                                row.getString("session_id"),
                                row.getString("ip"),
                                row.getString("category"),
                                row.getBigDecimal("actual_price"),
                                row.getBigDecimal("conversion_value"));
                AdEvent event = expected.remove(rawKey(found));
                if (event == null) {
                    comparison.differs("not expected: " + found);
                } else if (!event.equals(found)) {
                    comparison.differs("expected " + event + ", found " + found);
                }
                if (!row.getBoolean("on_its_day")) {
                    comparison.differs(found.eventId() + ": not on its UTC day");
                }
            }
        }
        expected.values().forEach(event -> comparison.differs("missing: " + event));
        return comparison;
    }

    private static String rawKey(AdEvent event) {
        return event.eventTime().atOffset(ZoneOffset.UTC).toLocalDate() + " " + event.eventId();
    }

    private void refuseAmbiguity(Comparison comparison) {
        if (!ambiguousIds.isEmpty()) {
            comparison.differs(
                    "the input has conflicting records of one id in different partitions, so that"
                            + " no single result is right: "
                            + ambiguousIds.stream().limit(5).toList());
        }
    }

    private void reportMissing(Set<RowKey> found, Comparison comparison) {
        rows.forEach(
                (key, row) -> {
                    if (!found.contains(key)) {
                        comparison.differs("missing: " + key + " " + row.numbers());
                    }
                });
    }

    private RowKey compareRow(ResultSet table, Window window, Comparison comparison)
            throws SQLException {
        RowKey key =
                new RowKey(
                        table.getString("entity_type"),
                        table.getString("entity_id"),
                        window,
                        table.getObject("window_start", OffsetDateTime.class).toInstant());
        comparison.compared();
        MetricsRow expected = rows.get(key);
        if (expected == null) {
            comparison.differs("not expected: " + key);
            return key;
        }
        for (Map.Entry<String, String> number : expected.numbers().entrySet()) {
            BigDecimal found = table.getBigDecimal(number.getKey());
            if (new BigDecimal(number.getValue()).compareTo(found) != 0) {
                comparison.differs(
                        key
                                + ": "
                                + number.getKey()
                                + " expected "
                                + number.getValue()
                                + ", found "
                                + found.toPlainString());
            }
        }
        comparison.check(
                key,
                "window_end",
                key.windowEnd(),
                table.getObject("window_end", OffsetDateTime.class).toInstant());
        if (table.getInt("revision") < 1) {
            comparison.differs(key + ": revision " + table.getInt("revision"));
        }
        if (key.entityType().equals("AD")) {
            compareAttributes(
                    key,
                    expected,
                    table.getString("campaign_id"),
                    table.getString("advertiser_id"),
                    table.getString("category"),
                    comparison);
        }
        return key;
    }

    private RowKey compareRecord(String recordKey, JsonNode json, Comparison comparison) {
        comparison.compared();
        RowKey key;
        try {
            key =
                    new RowKey(
                            json.path("entity_type").asText(),
                            json.path("entity_id").asText(),
                            Window.ofLabel(json.path("window").asText()),
                            Instant.parse(json.path("window_start").asText()));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            comparison.differs(recordKey + ": " + e.getMessage() + " in " + json);
            return new RowKey("?", recordKey, Window.ONE_MINUTE, Instant.EPOCH);
        }
        comparison.check(
                key,
                "key",
                key.entityType()
                        + ":"
                        + key.entityId()
                        + ":"
                        + key.window().label()
                        + ":"
                        + ISO_MILLIS.format(key.windowStart()),
                recordKey);
        MetricsRow expected = rows.get(key);
        if (expected == null) {
            comparison.differs("not expected: " + key + " " + json);
            return key;
        }
        for (Map.Entry<String, String> number : expected.numbers().entrySet()) {
            JsonNode found = json.path(number.getKey());
            if (!found.isNumber()
                    || new BigDecimal(number.getValue()).compareTo(found.decimalValue()) != 0) {
                comparison.differs(
                        key
                                + ": "
                                + number.getKey()
                                + " expected "
                                + number.getValue()
                                + ", found "
                                + found);
            }
        }
        compareTimes(
                key,
                json.path("window_start").asText(),
                json.path("window_end").asText(),
                comparison);
        if (json.path("revision").asInt(0) < 1 || !json.has("schema_version")) {
            comparison.differs(key + ": no revision or schema_version: " + json);
        }
        checkTime(key, json.path("updated_at").asText(), comparison);
        if (key.entityType().equals("AD")) {
            compareAttributes(
                    key,
                    expected,
                    json.path("campaign_id").textValue(),
                    json.path("advertiser_id").textValue(),
                    json.path("category").textValue(),
                    comparison);
        }
        return key;
    }

    private void compareHash(
            String redisKey, RowKey key, Map<String, String> hash, Comparison comparison) {
        comparison.compared();
        comparison.check(
                redisKey, "fields", new TreeSet<>(HASH_FIELDS), new TreeSet<>(hash.keySet()));
        MetricsRow expected = Objects.requireNonNull(rows.get(key));
        for (Map.Entry<String, String> number : expected.numbers().entrySet()) {
            String found = hash.getOrDefault(number.getKey(), "");
            comparison.check(redisKey, number.getKey(), number.getValue(), found);
            if (!PLAIN_NUMBER.matcher(found).matches()) {
                comparison.differs(redisKey + ": not a plain number: " + found);
            }
        }
        compareTimes(
                redisKey + " " + key,
                key,
                hash.getOrDefault("window_start", ""),
                hash.getOrDefault("window_end", ""),
                comparison);
        // The window of a live key was not written yet.
        String revision = redisKey.endsWith(":live") ? "0" : "[1-9][0-9]*";
        if (!hash.getOrDefault("revision", "").matches(revision)) {
            comparison.differs(redisKey + ": revision " + hash.get("revision"));
        }
        checkTime(redisKey, hash.getOrDefault("updated_at", ""), comparison);
    }

    private static void compareTimes(RowKey key, String start, String end, Comparison comparison) {
        compareTimes(key, key, start, end, comparison);
    }

    private static void compareTimes(
            Object where, RowKey key, String start, String end, Comparison comparison) {
        comparison.check(where, "window_start", ISO_MILLIS.format(key.windowStart()), start);
        comparison.check(where, "window_end", ISO_MILLIS.format(key.windowEnd()), end);
    }

    private static void checkTime(Object where, String time, Comparison comparison) {
        if (!time.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z")) {
            comparison.differs(where + ": updated_at is no time with milliseconds: " + time);
        }
    }

    private static void compareAttributes(
            RowKey key,
            MetricsRow expected,
            @Nullable String campaign,
            @Nullable String advertiser,
            @Nullable String category,
            Comparison comparison) {
        comparison.check(
                key,
                "campaign, advertiser, category",
                Arrays.asList(expected.campaignId(), expected.advertiserId(), expected.category()),
                Arrays.asList(campaign, advertiser, category));
    }

    private static String redisKey(RowKey key) {
        return key.entityType().toLowerCase(Locale.ROOT)
                + ":"
                + key.entityId()
                + ":metrics:"
                + key.window().label();
    }

    private static long events(JsonNode json) {
        return json.path("impressions").asLong()
                + json.path("clicks").asLong()
                + json.path("conversions").asLong();
    }
}
