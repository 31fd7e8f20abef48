package io.adstream.dashboard.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads Flink's REST interface. */
public final class FlinkStore {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();
    private final String address;
    private final ServiceWatch watch;

    /**
     * @param address {@code http://host:port}
     */
    public FlinkStore(String address, ServiceWatch watch) {
        this.address = address;
        this.watch = watch;
    }

    /** Asks whether the JobManager is there. */
    public void probe() {
        ask("/config");
    }

    /**
     * What the interface answers.
     *
     * @param path such as {@code /jobs/overview}
     */
    public JsonNode get(String path) {
        watch.require(Service.FLINK);
        return ask(path);
    }

    private JsonNode ask(String path) {
        try {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(URI.create(address + path))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString(UTF_8));
            if (response.statusCode() != OK) {
                throw StoreException.refused(
                        Service.FLINK, path + " is answered " + response.statusCode(), null);
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw watch.away(Service.FLINK, "it does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw watch.away(Service.FLINK, "interrupted");
        }
    }
}
