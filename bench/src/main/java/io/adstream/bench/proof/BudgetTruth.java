package io.adstream.bench.proof;

import io.adstream.testing.oracle.Comparison;
import io.adstream.testing.oracle.ExpectedNotices;
import io.adstream.testing.oracle.ExpectedSpend;
import io.adstream.testing.oracle.MetricsBatchCount;
import io.adstream.testing.services.KafkaBroker;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import redis.clients.jedis.Jedis;

/**
 * Holds what the budget job has written against the sums of all valid clicks that were sent, per
 * campaign and local date. What is late for windows is not for budgets, which wait an hour.
 */
final class BudgetTruth {

    private static final String GROUP = "adstream-budget";
    private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    /** Two checkpoints and one refresh of the statuses. */
    private static final Duration SETTLE = Duration.ofSeconds(25);

    private final KafkaBroker kafka;
    private final String postgres;
    private final String redis;
    private final PrintStream out;

    BudgetTruth(KafkaBroker kafka, String postgres, String redis, PrintStream out) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.redis = redis;
        this.out = out;
    }

    /**
     * Waits until the job has read everything, and compares deductions, notices and statuses.
     *
     * @param end the newest event time in every partition
     */
    boolean holds(Instant end, Duration patience)
            throws IOException, SQLException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!hasReadAll()) {
            if (System.nanoTime() > deadline) {
                out.println("gave up: the budget job has not read all records");
                break;
            }
            Faults.pause(LOOK_AGAIN);
        }
        Faults.pause(SETTLE);
        Instant watermark = end.minus(OUT_OF_ORDERNESS).minusMillis(1);
        try (Connection connection = DriverManager.getConnection(postgres);
                Jedis jedis = new Jedis(URI.create("redis://" + redis))) {
            PlatformCampaigns campaigns = PlatformCampaigns.read(connection);
            ExpectedSpend spend =
                    ExpectedSpend.of(
                            MetricsBatchCount.with()
                                    .keepEvents()
                                    .build()
                                    .addAll(kafka.readAll("ad-events"))
                                    .expected(),
                            campaigns.zones());
            out.printf("budget: %,d clicks%n", spend.clicks());
            return Stream.of(
                            spend.compareWithDailySpend(connection),
                            spend.compareWithSpend10Min(connection),
                            new ExpectedNotices(spend, campaigns.budgets())
                                    .compare(kafka.readAll("budget-management"), watermark),
                            spend.compareWithStatuses(jedis, campaigns.budgets(), watermark))
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

    /** Whether a completed checkpoint of the job has the whole input topic behind it. */
    private boolean hasReadAll() throws InterruptedException, IOException {
        try {
            Map<TopicPartition, OffsetAndMetadata> read =
                    kafka.admin()
                            .listConsumerGroupOffsets(GROUP)
                            .partitionsToOffsetAndMetadata()
                            .get();
            Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
            read.keySet().forEach(partition -> newest.put(partition, OffsetSpec.latest()));
            var ends = kafka.admin().listOffsets(newest).all().get();
            return !read.isEmpty()
                    && read.entrySet().stream()
                            .allMatch(
                                    entry ->
                                            entry.getValue().offset()
                                                    >= ends.get(entry.getKey()).offset());
        } catch (ExecutionException e) {
            throw new IOException("Kafka does not tell what " + GROUP + " has read", e);
        }
    }
}
