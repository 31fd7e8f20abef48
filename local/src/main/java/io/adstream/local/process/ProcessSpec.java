package io.adstream.local.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a process is started.
 *
 * @param name its name towards users, as {@code kafka} or {@code taskmanager-1}
 * @param command the program and its arguments
 * @param environment variables beside the inherited ones
 * @param output the file that takes what it prints
 * @param log the file that it logs to; the same as {@code output} where it prints its log
 */
public record ProcessSpec(
        String name, List<String> command, Map<String, String> environment, Path output, Path log) {

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
