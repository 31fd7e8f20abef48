package io.adstream.local.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.local.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a system was started and how far it is, for the commands that look at it from outside.
 * Written by the supervisor alone.
 *
 * @param phase how far it is
 * @param message why it failed; null otherwise
 * @param since when it was started, epoch ms
 * @param portOffset what was added to the ports
 * @param jobs the jobs that it was started with
 * @param parallelism what was asked for; null for what the configuration says
 * @param stateBackend what was asked for; null for what the configuration says
 * @param processes the names of its processes, in the order of their start
 * @param restarts how often each process was started again
 */
public record SystemState(
        Phase phase,
        @Nullable String message,
        long since,
        int portOffset,
        List<String> jobs,
        @Nullable Integer parallelism,
        @Nullable String stateBackend,
        List<String> processes,
        Map<String, Integer> restarts) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public SystemState {
        jobs = List.copyOf(jobs);
        processes = List.copyOf(processes);
        restarts = Map.copyOf(restarts);
    }

    /** How far a system is. */
    public enum Phase {
        STARTING,
        UP,
        STOPPING,
        DOWN,
        FAILED
    }

    /** Reads the state; empty where there is none or it cannot be read. */
    public static Optional<SystemState> read(Path file) {
        try {
            return Optional.of(JSON.readValue(file.toFile(), SystemState.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public void write(Path file) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            JSON.writerWithDefaultPrettyPrinter().writeValue(next.toFile(), this);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    public SystemState in(Phase next, @Nullable String why) {
        return new SystemState(
                next, why, since, portOffset, jobs, parallelism, stateBackend, processes, restarts);
    }

    public SystemState withRestarts(Map<String, Integer> counts) {
        return new SystemState(
                phase,
                message,
                since,
                portOffset,
                jobs,
                parallelism,
                stateBackend,
                processes,
                counts);
    }
}
