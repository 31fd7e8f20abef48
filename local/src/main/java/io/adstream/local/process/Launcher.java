package io.adstream.local.process;

import io.adstream.local.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts processes that outlive the terminal: each in a session of its own, so that a Ctrl-C
 * reaches none of them.
 */
public final class Launcher {

    private static final List<String> DETACH = detach();
    private static final long LARGE = 16L << 20;

    private Launcher() {}

    /** Starts a process; what it prints is appended to its output file. */
    public static Process start(ProcessSpec spec) {
        List<String> command = new ArrayList<>(DETACH);
        command.addAll(spec.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(spec.environment());
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.output().toFile()));
        try {
            Files.createDirectories(spec.output().getParent());
            roll(spec.output());
            return builder.start();
        } catch (IOException e) {
            throw new CommandFailure(spec.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Puts a file aside that has grown large, in the place of the one before. */
    private static void roll(Path output) throws IOException {
        if (Files.exists(output) && Files.size(output) > LARGE) {
            Files.move(
                    output,
                    output.resolveSibling(output.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The command in front of another that gives it a session of its own, keeping the pid. */
    private static List<String> detach() {
        if (onPath("setsid")) {
            return List.of("setsid");
        }
        return onPath("perl")
                ? List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV or exit 127")
                : List.of();
    }

    /**
     * The command in front of another, to be started by {@link #start}, that lets others go first;
     * it keeps the pid. Linux weighs sessions rather than processes (sched(7), autogroup), and each
     * process has one of its own: there {@code nice} alone would change nothing. It takes a session
     * at a time, of whoever may not do more: hence some attempts.
     *
     * @param niceness 0 to 19, as of {@code nice}; 0 changes nothing
     */
    public static List<String> politely(int niceness) {
        if (niceness == 0 || !onPath("nice")) {
            return List.of();
        }
        String session =
                DETACH.isEmpty()
                        ? ""
                        : "for attempt in 1 2 3 4 5; do [ -w /proc/self/autogroup ] || break; { echo "
                                + niceness
                                + " > /proc/self/autogroup; } 2>/dev/null && break; sleep 0.2; done; ";
        return List.of("sh", "-c", session + "exec nice -n " + niceness + " \"$@\"", "sh");
    }

    static boolean onPath(String program) {
        String path = System.getenv("PATH");
        if (path == null) {
            return false;
        }
        for (String folder : path.split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program))) {
                return true;
            }
        }
        return false;
    }
}
