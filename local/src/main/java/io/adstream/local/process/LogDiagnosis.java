package io.adstream.local.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says in plain words why a process ended, where its log shows one of the usual causes. */
public final class LogDiagnosis {

    private static final Map<Pattern, String> CAUSES = causes();

    private LogDiagnosis() {}

    private static Map<Pattern, String> causes() {
        Map<Pattern, String> causes = new LinkedHashMap<>();
        causes.put(
                Pattern.compile("No space left on device|disk full", Pattern.CASE_INSENSITIVE),
                "the disk is full: free some space, or put --data-dir on another disk");
        causes.put(
                Pattern.compile("Address already in use|BindException|Failed to bind"),
                "a port is taken by another program: stop that, or use --port-offset");
        causes.put(
                Pattern.compile(
                        "java\\.lang\\.OutOfMemoryError|Cannot allocate memory|insufficient memory"),
                "memory ran out: stop other programs, or lower --rate or --parallelism");
        causes.put(
                Pattern.compile("Permission denied|AccessDeniedException"),
                "a file may not be read or written: check who owns the data directory");
        return causes;
    }

    /** The cause that these lines show, and what to do about it. */
    public static Optional<String> of(List<String> lines) {
        return CAUSES.entrySet().stream()
                .filter(cause -> lines.stream().anyMatch(cause.getKey().asPredicate()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
