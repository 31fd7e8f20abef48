package io.adstream.common.dedup;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Two million ids, one in a hundred of them a duplicate: found, and remembered where new. In the
 * package of {@link FingerprintTable}, which nobody else sees.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
public class DedupBenchmark {

    private static final int IDS = 2_000_000;

    private final long[] high = new long[IDS];
    private final long[] low = new long[IDS];

    public DedupBenchmark() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < IDS; i++) {
            boolean again = i > 0 && random.nextInt(100) == 0;
            int from = again ? random.nextInt(i) : i;
            high[i] = again ? high[from] : random.nextLong();
            low[i] = again ? low[from] : random.nextLong();
        }
    }

    /** The product's table: 64 bits of the id, 64 of the payload, a generation. */
    @Benchmark
    @OperationsPerInvocation(IDS)
    public int fingerprintTable() {
        FingerprintTable table = new FingerprintTable();
        for (int i = 0; i < IDS; i++) {
            if (table.find(high[i], low[i]) == FingerprintTable.Match.NEW) {
                table.add(high[i], low[i], 1);
            }
        }
        return table.size();
    }

    /** A set of ids: no payload, so no conflict is noticed, and nothing is ever forgotten. */
    @Benchmark
    @OperationsPerInvocation(IDS)
    public int hashSetOfUuids() {
        Set<UUID> set = new HashSet<>();
        for (int i = 0; i < IDS; i++) {
            set.add(new UUID(high[i], low[i]));
        }
        return set.size();
    }

    /** A map from id to payload; nothing is ever forgotten. */
    @Benchmark
    @OperationsPerInvocation(IDS)
    public int hashMapOfLongs() {
        Map<Long, Long> map = new HashMap<>();
        for (int i = 0; i < IDS; i++) {
            map.putIfAbsent(high[i], low[i]);
        }
        return map.size();
    }
}
