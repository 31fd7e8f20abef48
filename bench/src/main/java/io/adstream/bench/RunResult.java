package io.adstream.bench;

import java.util.Map;

/**
 * What one round took.
 *
 * @param cpuNanos CPU time of the process from the first record to the last result
 * @param compilerNanos how much of it was the JIT compiler's
 * @param wallNanos the time by the clock on the wall
 * @param wholeCpuNanos CPU time of the process for the whole round, deployment included
 * @param redisWrites writes that Redis has acknowledged; 0 for who makes none
 * @param stateBytes size of a savepoint at the end; 0 where none was taken
 * @param counts sums by what was counted, such as {@code ad_1m}; empty where they are elsewhere
 * @param credits which clicks are credited, in sum; none where nothing is attributed
 * @param features hours and sessions of users, in sum; none where there are none
 */
public record RunResult(
        long cpuNanos,
        long compilerNanos,
        long wallNanos,
        long wholeCpuNanos,
        long redisWrites,
        long stateBytes,
        Map<String, Counts> counts,
        Credits credits,
        FeatureSums features) {

    /** What was used between marks, and nothing counted yet. */
    static RunResult between(CpuMark begin, CpuMark first, CpuMark last) {
        return new RunResult(
                last.cpuSince(first),
                last.compilersSince(first),
                last.wallSince(first),
                last.cpuSince(begin),
                0,
                0,
                Map.of(),
                Credits.NONE,
                FeatureSums.NONE);
    }

    RunResult with(Map<String, Counts> found) {
        return new RunResult(
                cpuNanos,
                compilerNanos,
                wallNanos,
                wholeCpuNanos,
                redisWrites,
                stateBytes,
                found,
                credits,
                features);
    }

    RunResult with(Credits found) {
        return new RunResult(
                cpuNanos,
                compilerNanos,
                wallNanos,
                wholeCpuNanos,
                redisWrites,
                stateBytes,
                counts,
                found,
                features);
    }

    RunResult with(FeatureSums found) {
        return new RunResult(
                cpuNanos,
                compilerNanos,
                wallNanos,
                wholeCpuNanos,
                redisWrites,
                stateBytes,
                counts,
                credits,
                found);
    }

    RunResult with(long writes, long state) {
        return new RunResult(
                cpuNanos,
                compilerNanos,
                wallNanos,
                wholeCpuNanos,
                writes,
                state,
                counts,
                credits,
                features);
    }

    /** CPU time without the JIT compiler's. */
    long jobNanos() {
        return cpuNanos - compilerNanos;
    }
}
