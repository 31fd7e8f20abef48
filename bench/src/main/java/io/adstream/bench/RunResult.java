package io.adstream.bench;

import java.util.Map;

/**
 * What one round took.
 *
 * @param cpuNanos CPU time of the process from the first record to the last result
 * @param wallNanos the same by the clock on the wall
 * @param wholeCpuNanos CPU time of the process for the whole round, deployment included
 * @param counts sums by what was counted, such as {@code ad_1m}; empty where they are elsewhere
 */
public record RunResult(
        long cpuNanos, long wallNanos, long wholeCpuNanos, Map<String, Counts> counts) {}
