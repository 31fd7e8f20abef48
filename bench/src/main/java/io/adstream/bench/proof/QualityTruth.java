package io.adstream.bench.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.testing.oracle.Comparison;
import io.adstream.testing.oracle.ExpectedScore;
import io.adstream.testing.oracle.ExpectedScores;
import io.adstream.testing.oracle.ScoreBatch;
import io.adstream.testing.services.KafkaBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redis.clients.jedis.Jedis;

/**
 * Holds what the quality job has written against a batch computation over the rows that the metrics
 * job has committed, in the order of their partitions.
 *
 * <p>The job runs with times to settle above what a fault takes: of rows that come behind their
 * refresh the time of arrival decides.
 */
final class QualityTruth {

    /** How long no row of an hour must have come before it is judged, of the job in the proof. */
    static final Duration SETTLE = Duration.ofMinutes(2);

    /** After how long without rows a partition is complete, likewise. */
    static final Duration SILENCE = Duration.ofMinutes(4);

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final String SCORES = "quality-score-updates";

    private final KafkaBroker kafka;
    private final String postgres;
    private final URI redis;
    private final PrintStream out;

    QualityTruth(KafkaBroker kafka, String postgres, String redis, PrintStream out) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.redis = URI.create("redis://" + redis);
        this.out = out;
    }

    /**
     * Waits until the job has made the refreshes of a time, and compares its scores; then the
     * newest of each ad with what the stores have.
     *
     * @param until a time that rows of every partition have reached
     */
    boolean holds(Instant until, Duration patience) throws SQLException, InterruptedException {
        List<ExpectedScore> scores = batch(until);
        out.printf("quality: %,d scores to be published until %s%n", scores.size(), until);
        ExpectedScores expected = ExpectedScores.of(scores);
        boolean unused =
                Patience.await(
                        () -> expected.compareWithKafka(records(until)).differenceCount() == 0,
                        patience);
        boolean equal = report(expected.compareWithKafka(records(until)));
        List<ExpectedScore> published =
                records(Instant.MAX).stream().map(record -> score(json(record))).toList();
        ExpectedScores newest = ExpectedScores.of(published);
        Set<String> ads =
                published.stream()
                        .map(ExpectedScore::adId)
                        .collect(Collectors.toCollection(TreeSet::new));
        try (Connection connection = DriverManager.getConnection(postgres);
                Jedis client = new Jedis(redis)) {
            equal &= report(newest.compareWithPostgres(connection));
            equal &= report(newest.compareWithRedis(client, ads));
        }
        return equal;
    }

    private boolean report(Comparison comparison) {
        out.println(comparison.report());
        return comparison.differenceCount() == 0 && comparison.count() > 0;
    }

    private List<ExpectedScore> batch(Instant until) {
        ScoreBatch batch = new ScoreBatch();
        Instant first = until;
        for (ConsumerRecord<byte[], byte[]> record : kafka.readAll("performance-metrics")) {
            JsonNode row = json(record);
            if (!row.path("type").asText().equals("METRICS")) {
                continue;
            }
            Instant end = Instant.parse(row.path("window_end").asText());
            boolean counts =
                    row.path("entity_type").asText().equals("AD")
                            && row.path("window").asText().equals("5m");
            batch.row(
                    record.partition(),
                    counts ? row.path("entity_id").asText() : null,
                    row.path("category").textValue(),
                    end,
                    row.path("revision").asInt(),
                    row.path("impressions").asLong(),
                    row.path("clicks").asLong(),
                    row.path("conversions").asLong());
            if (counts && end.isBefore(first)) {
                first = end;
            }
        }
        return batch.scores(first, until);
    }

    /** The SCORE records of the refreshes up to a time. */
    private List<ConsumerRecord<byte[], byte[]>> records(Instant until) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.readAll(SCORES)) {
            JsonNode json = json(record);
            if (json.path("type").asText().equals("SCORE")
                    && !Instant.parse(json.path("at").asText()).isAfter(until)) {
                records.add(record);
            }
        }
        return records;
    }

    private static ExpectedScore score(JsonNode json) {
        return new ExpectedScore(
                json.path("ad_id").asText(),
                Instant.parse(json.path("at").asText()),
                json.path("revision").asInt(),
                json.path("category").asText(),
                json.path("raw").asDouble(),
                json.path("previous").asDouble(),
                json.path("base_score").asDouble(),
                json.path("components").path("penalty_points").asDouble(),
                json.path("score").asDouble(),
                json.path("category_rank").asInt(),
                json.path("category_size").asInt());
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return MAPPER.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last refresh that the rows of events up to a time reach in every partition. */
    static Instant lastRefresh(Instant lastEvent) {
        long hour = Duration.ofHours(1).toMillis();
        Instant end = Instant.ofEpochMilli((lastEvent.toEpochMilli() / hour + 1) * hour);
        return end.minus(REFRESH);
    }
}
