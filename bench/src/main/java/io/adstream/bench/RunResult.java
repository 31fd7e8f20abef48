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
 * @param counts sums by what was counted, such as {@code ad_1m}; empty where they are elsewhere
 */
public record RunResult(
        long cpuNanos,
        long compilerNanos,
        long wallNanos,
        long wholeCpuNanos,
        long redisWrites,
        Map<String, Counts> counts) {}
