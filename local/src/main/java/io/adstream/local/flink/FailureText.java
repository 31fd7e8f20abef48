package io.adstream.local.flink;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in a stack trace what a person needs: the cause in a line, and of which kind it is. */
final class FailureText {

    private static final Pattern CONFIG_EXCEPTION =
            Pattern.compile(
                    "io\\.adstream\\.common\\.config\\.ConfigException: (.*?)(?=\\n\\s+at |\\nCaused by|\\z)",
                    Pattern.DOTALL);
    private static final Pattern CAUSE =
            Pattern.compile("(?m)^(?:Caused by: )?((?:[a-z][\\w]*\\.)+[A-Z][\\w.$]*)(?:: (.*))?$");
    private static final Pattern DAMAGED =
            Pattern.compile(
                    "EOFException|FileNotFoundException|NoSuchFileException|Corruption|corrupted"
                            + "|Unexpected end|checksum|FAILED_TO_UNCOMPRESS|invalid compression");
    private static final List<String> DOES_NOT_FIT =
            List.of(
                    "StateMigrationException",
                    "Cannot map checkpoint/savepoint state",
                    "Failed to rollback to checkpoint/savepoint",
                    "Cannot restore state",
                    "The new state serializer",
                    "The new key serializer",
                    "The new namespace serializer",
                    "must not be incompatible",
                    "max parallelism",
                    "Could not restore keyed state backend",
                    "Could not restore operator state backend",
                    "Exception while restoring operator state",
                    "BackendBuildingException");

    private FailureText() {}

    /** The cause in a sentence: a job's own message where it gave one, else the innermost cause. */
    static String cause(String trace) {
        Matcher own = CONFIG_EXCEPTION.matcher(trace);
        if (own.find()) {
            return own.group(1).strip();
        }
        Matcher causes = CAUSE.matcher(trace);
        String cause = trace.lines().findFirst().orElse("no reason given");
        while (causes.find()) {
            String type = causes.group(1);
            cause =
                    type.substring(type.lastIndexOf('.') + 1)
                            + (causes.group(2) == null ? "" : ": " + causes.group(2));
        }
        return cause.strip();
    }

    /** Whether the state is damaged on disk, so that an older one may do. */
    static boolean isDamage(String trace) {
        return DAMAGED.matcher(trace).find();
    }

    /** Whether the state was written by a job that is too different. */
    static boolean isMisfit(String trace) {
        return DOES_NOT_FIT.stream().anyMatch(trace::contains);
    }
}
