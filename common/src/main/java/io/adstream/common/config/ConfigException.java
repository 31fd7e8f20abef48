package io.adstream.common.config;

import java.util.List;

/**
 * A setting that a job or a command cannot start with. The message is for the user: what is wrong,
 * the value, what is allowed or what to do. It never holds a secret.
 */
public final class ConfigException extends RuntimeException {

    private final List<String> problems;

    public ConfigException(String message) {
        super(message);
        this.problems = List.of(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
        this.problems = List.of(message);
    }

    private ConfigException(String message, List<String> problems) {
        super(message);
        this.problems = List.copyOf(problems);
    }

    /** All problems of one start in one exception. */
    static ConfigException ofProblems(String job, List<String> problems) {
        String count = problems.size() == 1 ? "a setting is" : problems.size() + " settings are";
        return new ConfigException(
                "The "
                        + job
                        + " job was not started: "
                        + count
                        + " wrong.\n  - "
                        + String.join("\n  - ", problems),
                problems);
    }

    /** The single problems, in the order in which they were found. */
    public List<String> problems() {
        return problems;
    }
}
