package io.adstream.bench;

import java.lang.management.ManagementFactory;

/** A point in the life of this process. */
record CpuMark(long cpuNanos, long wallNanos) {

    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    static CpuMark now() {
        return new CpuMark(SYSTEM.getProcessCpuTime(), System.nanoTime());
    }

    long cpuSince(CpuMark earlier) {
        return cpuNanos - earlier.cpuNanos;
    }

    long wallSince(CpuMark earlier) {
        return wallNanos - earlier.wallNanos;
    }
}
