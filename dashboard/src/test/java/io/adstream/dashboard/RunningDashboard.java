package io.adstream.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.testing.services.RedisServer;
import io.adstream.testing.services.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;

/** A dashboard on a port of its own, with a login that may only read. */
final class RunningDashboard implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Dashboard dashboard;

    private RunningDashboard(DashboardConfig config) {
        dashboard = Dashboard.start(config);
    }

    static RunningDashboard of(TestDatabase database, RedisServer redis, String flink) {
        return of(database, redis, flink, Map.of(), Map.of());
    }

    static RunningDashboard of(
            TestDatabase database,
            RedisServer redis,
            String flink,
            Map<String, String> more,
            Map<String, String> environment) {
        TestDatabase reader = database.as("adstream_dashboard_reader");
        Map<String, String> settings = new HashMap<>();
        settings.put("dashboard.port", "0");
        settings.put("redis.host", redis.host());
        settings.put("redis.port", String.valueOf(redis.port()));
        settings.put("redis.timeout", "500 ms");
        settings.put("postgres.url", database.jdbcUrl());
        settings.put("postgres.user", reader.user());
        settings.put("flink.url", flink);
        settings.putAll(more);
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("ADSTREAM_POSTGRES_PASSWORD", reader.password());
        return new RunningDashboard(DashboardConfig.of(settings, variables));
    }

    String address() {
        return dashboard.address();
    }

    /** The envelope of a call. */
    JsonNode get(String call) {
        HttpResponse<String> response = ask("/api/" + call);
        if (response.statusCode() != 200) {
            throw new IllegalStateException(call + ": " + response.statusCode() + response.body());
        }
        return json(response.body());
    }

    /** The data of a call. */
    JsonNode data(String call) {
        return get(call).path("data");
    }

    HttpResponse<String> ask(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException("the dashboard does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @Override
    public void close() {
        dashboard.close();
    }
}
