package io.adstream.local.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds the expected verdicts against watermarks as a job has them: one per partition, 10 s out of
 * order, the least of all counts; LATE is what lies 5 min behind its minute's end.
 */
class VerdictsUnderSkewTest {

    private static final int PARTITIONS = 12;
    private static final int RECORDS = 1_000_000;
    private static final long OUT_OF_ORDER = 10_000;

    private record Read(long eventTime, Verdict verdict) {}

    private static final List<List<Read>> BACKLOG = new ArrayList<>();

    @BeforeAll
    static void fill() {
        for (int i = 0; i < PARTITIONS; i++) {
            BACKLOG.add(new ArrayList<>());
        }
        Simulation simulation =
                new Simulation(
                        SimulationOptions.builder()
                                .seed(9)
                                .rate(1_000)
                                .start(Instant.parse("2026-11-20T00:00:00Z"))
                                .commerceShare(0)
                                .late(0.005)
                                .amending(0.01)
                                .maxDisorder(Duration.ofSeconds(10))
                                .forBacklog(RECORDS)
                                .build());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < RECORDS; i++) {
            TrafficRecord record = simulation.next();
            if (record.verdict() == Verdict.REJECTED) {
                continue;
            }
            byte[] key = record.key();
            int partition =
                    key == null
                            ? random.nextInt(PARTITIONS)
                            : BuiltInPartitioner.partitionForKey(key, PARTITIONS);
            BACKLOG.get(partition).add(new Read(record.eventTime(), record.verdict()));
        }
    }

    /** Reads so many records of each partition in turn. */
    private static void readInTurns(int chunk) {
        long[] watermarks = new long[PARTITIONS];
        Arrays.fill(watermarks, Long.MIN_VALUE);
        int[] positions = new int[PARTITIONS];
        int late = 0;
        boolean more = true;
        while (more) {
            more = false;
            for (int p = 0; p < PARTITIONS; p++) {
                List<Read> partition = BACKLOG.get(p);
                int end = Math.min(partition.size(), positions[p] + chunk);
                for (; positions[p] < end; positions[p]++) {
                    Read read = partition.get(positions[p]);
                    long watermark = Arrays.stream(watermarks).min().orElseThrow();
                    boolean judgedLate =
                            watermark > Long.MIN_VALUE
                                    && Replay.isLate(read.eventTime(), watermark);
                    if (judgedLate != (read.verdict() == Verdict.LATE)) {
                        throw new AssertionError(
                                read + " under watermark " + Instant.ofEpochMilli(watermark));
                    }
                    late += judgedLate ? 1 : 0;
                    watermarks[p] = Math.max(watermarks[p], read.eventTime() - OUT_OF_ORDER - 1);
                }
                more |= end < partition.size();
            }
        }
        assertThat(late).isBetween(2_500, 3_500);
    }

    @Test
    void theyHoldWhereAllPartitionsAreReadEvenly() {
        readInTurns(1);
    }

    @Test
    void theyHoldWhereWholeFetchesOfOnePartitionComeFirst() {
        readInTurns(25_000);
    }
}
