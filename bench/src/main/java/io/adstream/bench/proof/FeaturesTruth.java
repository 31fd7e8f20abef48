package io.adstream.bench.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.adstream.testing.oracle.Comparison;
import io.adstream.testing.oracle.ExpectedFeatures;
import io.adstream.testing.oracle.FeaturesBatch;
import io.adstream.testing.oracle.FeaturesComparison;
import io.adstream.testing.oracle.Verdict;
import io.adstream.testing.services.KafkaBroker;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * Holds what the features job has written against a look at all actions of each user that were
 * sent.
 *
 * <p>The job runs with a bound of disorder above the age of all events but those that the simulator
 * labels LATE: of what comes behind the watermark the time of arrival decides, which faults change.
 * Of users with such events nothing is said.
 */
final class FeaturesTruth {

    /**
     * How far out of order events may be, of the job in the proof: up to 4 min late, and once more
     * up to 3 min after that.
     */
    static final Duration BOUND = Duration.ofMinutes(8);

    /** Of the simulator: what must become of a record that is not simply valid. */
    private static final String EXPECTED_HEADER = "adstream.expected";

    /** How long a session is served. */
    private static final Duration SESSION_LIFE = Duration.ofHours(1);

    /** What had little left to live when Redis was emptied may have gone before it is looked at. */
    private static final Duration FADING = Duration.ofMinutes(20);

    private final KafkaBroker kafka;
    private final String postgres;
    private final PrintStream out;
    private final FeaturesBatch batch;
    private final ExpectedFeatures expected;

    /**
     * @param lateIds the events that are late
     */
    FeaturesTruth(KafkaBroker kafka, String postgres, Set<String> lateIds, PrintStream out) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.out = out;
        batch =
                FeaturesBatch.of(FeaturesTruth::rejection, lateIds)
                        .addShop(kafka.readAll("commerce-events"))
                        .addAds(kafka.readAll("ad-events"));
        expected = batch.expected();
        out.printf(
                "features: %,d records of the shop, %,d users, and %,d with late events%n",
                batch.received(), expected.users(), batch.uncertainUsers());
    }

    private static @Nullable Verdict rejection(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(EXPECTED_HEADER);
        if (header == null) {
            return null;
        }
        String label = new String(header.value(), US_ASCII);
        return Arrays.stream(Verdict.values())
                .filter(verdict -> verdict.isRejected() && verdict.name().equals(label))
                .findFirst()
                .orElse(null);
    }

    /**
     * Waits until Redis serves what it must, and compares it.
     *
     * @param time the newest event time in every partition
     */
    boolean redisHolds(Jedis redis, Instant time, Duration patience) throws InterruptedException {
        Instant watermark = time.minus(BOUND).minusMillis(1);
        FeaturesComparison comparison = FeaturesComparison.with(expected);
        return holds(
                () ->
                        comparison.ofLiveRedis(
                                redis, watermark, watermark.minus(SESSION_LIFE), FADING),
                patience);
    }

    /** Waits until Kafka and PostgreSQL hold what they must, and compares it. */
    boolean holds(Instant time, Duration patience) throws SQLException, InterruptedException {
        Instant watermark = time.minus(BOUND).minusMillis(1);
        FeaturesComparison comparison = FeaturesComparison.with(expected);
        boolean equal =
                holds(() -> comparison.ofKafka(kafka.readAll("user-signals"), watermark), patience);
        try (Connection connection = DriverManager.getConnection(postgres)) {
            equal &= report(batch.compareWithIngest(connection));
        }
        equal &= report(batch.compareWithDeadLetters(kafka.readAll("commerce-events.dlq")));
        return equal;
    }

    private boolean holds(Supplier<Comparison> comparison, Duration patience)
            throws InterruptedException {
        boolean unused = Patience.await(() -> comparison.get().differenceCount() == 0, patience);
        return report(comparison.get());
    }

    private boolean report(Comparison comparison) {
        out.println(comparison.report());
        return comparison.differenceCount() == 0;
    }
}
