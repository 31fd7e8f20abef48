package io.adstream.bench.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.testing.oracle.Comparison;
import io.adstream.testing.oracle.ExpectedMetrics;
import io.adstream.testing.oracle.LateRule;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.services.KafkaBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redis.clients.jedis.Jedis;

/** Holds what the system has written against an independent count of what it was sent. */
final class Truth {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaBroker kafka;
    private final String postgres;
    private final String redis;
    private final PrintStream out;

    Truth(KafkaBroker kafka, String postgres, String redis, PrintStream out) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.redis = redis;
        this.out = out;
    }

    /**
     * Compares every row, record, dead letter, count and key.
     *
     * @param labels what the simulator knows of single records: which ones are late
     * @return whether nothing differs
     */
    boolean holds(Path labels) throws IOException, SQLException {
        MetricsBatchCount count =
                MetricsBatchCount.with().late(LateRule.ids(lateIds(labels))).keepEvents().build();
        count.addAll(kafka.readAll("ad-events"));
        ExpectedMetrics expected = count.expected();
        out.printf(
                "counted %,d records: %,d rejected, rows of all windows %,d%n",
                expected.received(), expected.rejected(), expected.rows().size());
        try (Connection connection = DriverManager.getConnection(postgres);
                Jedis jedis = new Jedis(URI.create("redis://" + redis))) {
            Instant watermark = watermark(connection);
            out.println("watermark " + watermark);
            ExpectedMetrics closed = expected.closedBy(watermark);
            return Stream.of(
                            closed.compareWithPostgres(connection),
                            closed.compareWithKafka(metricsRecords()),
                            expected.compareWithDeadLetters(
                                    "ad-events", kafka.readAll("ad-events.dlq")),
                            expected.compareWithIngest(connection, "metrics", "ad-events"),
                            expected.compareWithRawEvents(connection),
                            expected.compareWithRedis(jedis, watermark, false))
                    .map(this::report)
                    .toList()
                    .stream()
                    .allMatch(equal -> equal);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> metricsRecords() {
        return kafka.readAll("performance-metrics").stream()
                .filter(record -> !new String(record.key(), UTF_8).startsWith("attribution:"))
                .toList();
    }

    private boolean report(Comparison comparison) {
        out.println(comparison.report());
        return comparison.differenceCount() == 0;
    }

    /** The ids of events that are late, by the simulator's labels. */
    static Set<String> lateIds(Path labels) throws IOException {
        Set<String> ids = new HashSet<>();
        for (String line : Files.readAllLines(labels)) {
            JsonNode label = line.isBlank() ? JSON.nullNode() : JSON.readTree(line);
            if (label.path("expected").asText().equals("LATE")) {
                ids.add(label.path("event_id").asText());
            }
        }
        return ids;
    }

    /** The watermark of the newest completed checkpoint. */
    private static Instant watermark(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select watermark from realtime.progress where job = 'metrics'")) {
            if (!rows.next()) {
                throw new SQLException("no progress yet");
            }
            return rows.getTimestamp(1).toInstant();
        }
    }

    /** How many records the job has counted so far. */
    static long received(String postgres) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres);
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "select coalesce(sum(received), 0) from realtime.ingest_1min"
                                        + " where job = 'metrics' and topic = 'ad-events'")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Where the job's watermark is, or null. */
    static Instant progress(String postgres) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres)) {
            return watermark(connection);
        }
    }

    /** The number of records of the input topic. */
    long sent() {
        List<?> all = kafka.readAll("ad-events");
        return all.size();
    }
}
