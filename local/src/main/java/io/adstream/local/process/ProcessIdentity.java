package io.adstream.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that is recognised again: a pid alone may meanwhile be another's, a pid with the time
 * at which its process started is not.
 *
 * @param pid the process id
 * @param started when the process started, in a form that is only compared
 */
public record ProcessIdentity(long pid, String started) {

    private static final Path PROC = Path.of("/proc");

    /** Index of the start time after the command's name in {@code /proc/<pid>/stat}. */
    private static final int START_TICKS = 19;

    /** The process that has this pid now; empty where none runs. */
    public static Optional<ProcessIdentity> of(long pid) {
        return Files.exists(PROC.resolve("self/stat")) ? fromProc(pid) : fromHandle(pid);
    }

    /** Whether this very process runs still. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** The process, where it runs still. */
    public Optional<ProcessHandle> handle() {
        return isAlive() ? ProcessHandle.of(pid) : Optional.empty();
    }

    /** Clock ticks since boot are exact, and the boot's id tells reboots apart. */
    private static Optional<ProcessIdentity> fromProc(long pid) {
        try {
            // The name, in parentheses, may hold blanks and parentheses itself.
            String stat =
                    Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended
                    ? Optional.empty()
                    : Optional.of(new ProcessIdentity(pid, bootId() + ":" + fields[START_TICKS]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String bootId() throws IOException {
        Path file = PROC.resolve("sys/kernel/random/boot_id");
        return Files.isReadable(file) ? Files.readString(file).trim() : "";
    }

    private static Optional<ProcessIdentity> fromHandle(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(
                        handle ->
                                new ProcessIdentity(
                                        pid,
                                        handle.info()
                                                .startInstant()
                                                .map(Instant::toString)
                                                .orElse("unknown")));
    }
}
