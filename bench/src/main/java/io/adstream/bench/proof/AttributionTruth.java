package io.adstream.bench.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.adstream.testing.oracle.AttributionBatch;
import io.adstream.testing.oracle.AttributionResult;
import io.adstream.testing.oracle.Comparison;
import io.adstream.testing.oracle.ExpectedAttribution;
import io.adstream.testing.oracle.JourneyTruth;
import io.adstream.testing.oracle.LateRule;
import io.adstream.testing.services.KafkaBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redis.clients.jedis.Jedis;

/**
 * Holds what the attribution job has written against a look at every click of every conversion that
 * was sent, and against the journeys that the simulator knows.
 *
 * <p>Which events are late must be certain: the job runs with a bound of disorder that is above the
 * age of every event that the simulator sends late on purpose but within the allowed lateness of
 * windows, and far below that of those that it labels LATE.
 */
final class AttributionTruth {

    /** How far out of order events may be, of the job in the proof. */
    static final Duration BOUND = Duration.ofMinutes(10);

    private static final Duration REDIS_PATIENCE = Duration.ofMinutes(3);

    private final KafkaBroker kafka;
    private final String postgres;
    private final PrintStream out;
    private final ExpectedAttribution expected;

    /**
     * @param lateIds the events that are late
     */
    AttributionTruth(KafkaBroker kafka, String postgres, Set<String> lateIds, PrintStream out) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.out = out;
        expected =
                AttributionBatch.with()
                        .late(LateRule.ids(lateIds))
                        .build()
                        .addAll(kafka.readAll("ad-events"))
                        .expected();
        out.printf("attribution: %,d conversions%n", expected.results().size());
    }

    /**
     * Waits until every conversion has its row, and compares what Redis serves.
     *
     * @param time the newest event time in every partition
     */
    boolean redisHolds(Jedis redis, Instant time, Duration patience)
            throws SQLException, InterruptedException {
        if (!Patience.await(() -> rows() >= expected.results().size(), patience)) {
            out.printf("gave up: %,d conversions in PostgreSQL%n", rows());
        }
        Instant watermark = time.minus(BOUND).minusMillis(1);
        boolean unused =
                Patience.await(
                        () -> expected.compareWithRedis(redis, watermark).differenceCount() == 0,
                        REDIS_PATIENCE);
        return report(expected.compareWithRedis(redis, watermark));
    }

    /** Waits until Kafka shows every result, and compares records, rows and journeys. */
    boolean holds(Path labels, Duration patience)
            throws IOException, SQLException, InterruptedException {
        boolean unused =
                Patience.await(
                        () -> results(records()).size() >= expected.results().size(), patience);
        List<ConsumerRecord<byte[], byte[]>> records = records();
        List<AttributionResult> results = results(records);
        JourneyTruth journeys = JourneyTruth.of(labels);
        out.println(journeys.report(results));
        try (Connection connection = DriverManager.getConnection(postgres)) {
            return Stream.of(
                            expected.compareWithKafka(records),
                            expected.compareConversions(connection),
                            expected.compareCredits(connection),
                            journeys.compare(results))
                    .map(this::report)
                    .toList()
                    .stream()
                    .allMatch(equal -> equal);
        }
    }

    private boolean report(Comparison comparison) {
        out.println(comparison.report());
        return comparison.differenceCount() == 0;
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        return kafka.readAll("performance-metrics").stream()
                .filter(record -> new String(record.key(), UTF_8).startsWith("attribution:"))
                .toList();
    }

    private static List<AttributionResult> results(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> AttributionResult.of(record.value())).toList();
    }

    private long rows() {
        try (Connection connection = DriverManager.getConnection(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from attribution.conversions")) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("the rows cannot be counted", e);
        }
    }
}
