package io.adstream.local.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.adstream.local.CommandFailure;
import io.adstream.local.process.Pause;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Takes savepoints, of a job that goes on or of one that stops with it. */
public final class JobStopper {

    private final FlinkRest rest;
    private final Duration patience;

    /**
     * @param patience how long a savepoint may take
     */
    public JobStopper(FlinkRest rest, Duration patience) {
        this.rest = rest;
        this.patience = patience;
    }

    /**
     * Takes a savepoint; the job goes on.
     *
     * @return the folder with the savepoint
     * @throws CommandFailure where none could be taken
     */
    public Path savepoint(String job, String id, Path folder) {
        try {
            return await(job, id, rest.triggerSavepoint(id, FlinkPaths.uri(folder)));
        } catch (IOException e) {
            throw failed(job, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Stops a job with a savepoint.
     *
     * @return the folder with the savepoint
     * @throws CommandFailure where none could be taken; the job then goes on
     */
    public Path stop(String job, String id, Path folder) {
        try {
            return await(job, id, rest.triggerStop(id, FlinkPaths.uri(folder)));
        } catch (IOException e) {
            throw failed(job, String.valueOf(e.getMessage()));
        }
    }

    private Path await(String job, String id, String request) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode answer = rest.savepointRequest(id, request);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                JsonNode operation = answer.path("operation");
                if (operation.has("failure-cause")) {
                    throw failed(
                            job,
                            FailureText.cause(
                                    operation
                                            .path("failure-cause")
                                            .path("stack-trace")
                                            .asText("no reason given")));
                }
                return FlinkPaths.path(operation.path("location").asText());
            }
            Pause.of(Duration.ofMillis(200));
        }
        throw failed(job, "not done after " + patience.toSeconds() + " s");
    }

    private static CommandFailure failed(String job, String reason) {
        return new CommandFailure("No savepoint of " + job + ": " + reason);
    }
}
