package io.adstream.local.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Flink's REST interface, as far as the command needs it. Every call throws where it is away. */
public final class FlinkRest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;
    private static final int ERRORS_FROM = 400;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
    private final String address;

    public FlinkRest(int port) {
        this.address = "http://127.0.0.1:" + port;
    }

    /** The address of the WebUI. */
    public String address() {
        return address;
    }

    /** Whether the JobManager answers. */
    public boolean answers() {
        try {
            return get("/overview").has("taskmanagers");
        } catch (IOException e) {
            return false;
        }
    }

    /** The ids of the TaskManagers that are registered; none where the JobManager is away. */
    public Set<String> taskManagers() {
        Set<String> ids = new HashSet<>();
        try {
            get("/taskmanagers")
                    .path("taskmanagers")
                    .forEach(taskManager -> ids.add(taskManager.path("id").asText()));
        } catch (IOException e) {
            return Set.of();
        }
        return ids;
    }

    /** State of every job that the cluster knows, by its id. */
    public Map<String, String> jobs() throws IOException {
        Map<String, String> jobs = new LinkedHashMap<>();
        for (JsonNode job : get("/jobs").path("jobs")) {
            jobs.put(job.path("id").asText(), job.path("status").asText());
        }
        return jobs;
    }

    /** A job with its vertices; empty where the cluster does not know it. */
    public Optional<JsonNode> job(String id) throws IOException {
        return find("/jobs/" + id);
    }

    /** Whether the job runs and each of its tasks too. */
    public boolean isRunning(String id) throws IOException {
        Optional<JsonNode> job = job(id);
        if (job.isEmpty() || !job.get().path("state").asText().equals("RUNNING")) {
            return false;
        }
        for (JsonNode vertex : job.get().path("vertices")) {
            if (!vertex.path("status").asText().equals("RUNNING")) {
                return false;
            }
        }
        return true;
    }

    /** The newest failure of the job, with its stack trace; empty where it had none. */
    public Optional<String> failure(String id) throws IOException {
        Optional<JsonNode> exceptions = find("/jobs/" + id + "/exceptions?maxExceptions=1");
        if (exceptions.isEmpty()) {
            return Optional.empty();
        }
        JsonNode entry = exceptions.get().path("exceptionHistory").path("entries").path(0);
        String trace =
                entry.has("stacktrace")
                        ? entry.path("stacktrace").asText()
                        : exceptions.get().path("root-exception").asText("");
        return trace.isBlank() || trace.equals("null") ? Optional.empty() : Optional.of(trace);
    }

    public JsonNode checkpoints(String id) throws IOException {
        return get("/jobs/" + id + "/checkpoints");
    }

    public JsonNode checkpointConfig(String id) throws IOException {
        return get("/jobs/" + id + "/checkpoints/config");
    }

    /**
     * The greatest value over its subtasks of each metric of a vertex whose name ends in one of
     * these.
     *
     * @param metrics last parts of names, as {@code watermarkLag}
     * @return values by the full names
     */
    public Map<String, Double> largest(String id, String vertex, List<String> metrics)
            throws IOException {
        String path = "/jobs/" + id + "/vertices/" + vertex + "/subtasks/metrics";
        List<String> names = new ArrayList<>();
        for (JsonNode metric : get(path)) {
            String name = metric.path("id").asText();
            if (metrics.contains(name.substring(name.lastIndexOf('.') + 1))) {
                names.add(name);
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        if (names.isEmpty()) {
            return values;
        }
        String wanted = java.net.URLEncoder.encode(String.join(",", names), StandardCharsets.UTF_8);
        for (JsonNode metric : get(path + "?agg=max&get=" + wanted)) {
            values.put(metric.path("id").asText(), metric.path("max").asDouble());
        }
        return values;
    }

    /** Asks for a savepoint; gives the request's id. */
    public String triggerSavepoint(String id, String directory) throws IOException {
        return post(
                        "/jobs/" + id + "/savepoints",
                        JSON.createObjectNode()
                                .put("target-directory", directory)
                                .put("cancel-job", false))
                .path("request-id")
                .asText();
    }

    /** Asks the job to stop with a savepoint; gives the request's id. */
    public String triggerStop(String id, String directory) throws IOException {
        return post(
                        "/jobs/" + id + "/stop",
                        JSON.createObjectNode()
                                .put("targetDirectory", directory)
                                .put("drain", false))
                .path("request-id")
                .asText();
    }

    /** How a request for a savepoint stands. */
    public JsonNode savepointRequest(String id, String request) throws IOException {
        return get("/jobs/" + id + "/savepoints/" + request);
    }

    public void cancel(String id) throws IOException {
        send(
                HttpRequest.newBuilder(URI.create(address + "/jobs/" + id + "?mode=cancel"))
                        .method("PATCH", HttpRequest.BodyPublishers.noBody()));
    }

    private JsonNode get(String path) throws IOException {
        return find(path).orElseThrow(() -> new IOException("Flink knows no " + path));
    }

    private Optional<JsonNode> find(String path) throws IOException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(address + path)));
        return response.statusCode() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(JSON.readTree(response.body()));
    }

    private JsonNode post(String path, JsonNode body) throws IOException {
        HttpResponse<String> response =
                send(
                        HttpRequest.newBuilder(URI.create(address + path))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        if (response.statusCode() == NOT_FOUND) {
            throw new IOException("Flink knows no " + path);
        }
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            HttpResponse<String> response =
                    http.send(
                            request.timeout(PATIENCE).build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() >= ERRORS_FROM && response.statusCode() != NOT_FOUND) {
                throw new IOException(
                        "Flink answered " + response.statusCode() + ": " + response.body());
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
