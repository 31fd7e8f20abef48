package io.adstream.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A point in the life of this process.
 *
 * @param cpuNanos CPU time of all its threads so far
 * @param compilerNanos CPU time of the JIT compiler's threads among them; 0 where the system does
 *     not tell (it does on Linux, in hundredths of a second)
 * @param wallNanos the clock
 */
record CpuMark(long cpuNanos, long compilerNanos, long wallNanos) {

    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final long NANOS_PER_TICK = 10_000_000;

    // Places in /proc/<pid>/stat behind the name, counted from 0.
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    static CpuMark now() {
        return new CpuMark(SYSTEM.getProcessCpuTime(), compilers(), System.nanoTime());
    }

    long cpuSince(CpuMark earlier) {
        return cpuNanos - earlier.cpuNanos;
    }

    long compilersSince(CpuMark earlier) {
        return compilerNanos - earlier.compilerNanos;
    }

    long wallSince(CpuMark earlier) {
        return wallNanos - earlier.wallNanos;
    }

    private static long compilers() {
        if (!Files.isDirectory(THREADS)) {
            return 0;
        }
        long ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                ticks += compilerTicks(thread.resolve("stat"));
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + THREADS, e);
        }
        return ticks * NANOS_PER_TICK;
    }

    private static long compilerTicks(Path stat) throws IOException {
        String line;
        try {
            line = Files.readString(stat);
        } catch (NoSuchFileException e) {
            return 0; // the thread has ended
        }
        int nameEnd = line.lastIndexOf(')');
        if (!line.substring(0, nameEnd).contains("CompilerThre")) {
            return 0;
        }
        String[] fields = line.substring(nameEnd + 2).split(" ", -1);
        return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
    }
}
