package io.adstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.adstream.testing.platform.StoredResults.Incident;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** HTTP as such: the description, headers, the token, what is asked wrong, streams. */
class WebITCase extends BusyStoresCase {

    private static final String NO_FLINK = "http://127.0.0.1:1";
    private static final String TOKEN = "a-token-of-24-characters";

    @Test
    void everyAnswerIsAsTheDescriptionSays() {
        JsonNode api = RunningDashboard.json(dashboard.ask("/api/openapi.json").body());
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        List<String> calls =
                List.of(
                        "services",
                        "series",
                        "series?scope=ad&id=ad-1&window=5m&points=3",
                        "series?scope=category&id=books",
                        "live",
                        "live?scope=category&id=books",
                        "top-ads?by=ctr",
                        "budgets?show=nearly",
                        "alerts",
                        "quality?order=newest",
                        "attribution?by=ad",
                        "user?user_id=u-42",
                        "user?user_id=nobody",
                        "jobs",
                        "data-quality",
                        "entities");
        for (String call : calls) {
            String path = "/api/" + call.replaceFirst("\\?.*", "");
            JsonNode ok = api.path("paths").path(path).path("get").path("responses").path("200");
            assertThat(ok.isMissingNode()).as(path).isFalse();
            assertValid(factory, api, ok.path("$ref").asText(), dashboard.get(call));
        }
        for (Iterator<String> paths = api.path("paths").fieldNames(); paths.hasNext(); ) {
            String path = paths.next();
            JsonNode parameters = api.path("paths").path(path).path("get").path("parameters");
            if (path.startsWith("/api/") && !path.equals("/api/stream")) {
                assertThat(names(api, parameters))
                        .as("parameters of " + path)
                        .containsExactlyElementsOf(
                                path.equals("/api/user")
                                        ? List.of("user_id")
                                        : fields(
                                                dashboard
                                                        .get(path.substring(5))
                                                        .path("parameters")));
            }
        }
        HttpResponse<String> bad = dashboard.ask("/api/series?points=1");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertValid(
                factory, api, "#/components/responses/Error", RunningDashboard.json(bad.body()));
        assertThat(dashboard.ask("/api/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    }

    private static void assertValid(
            JsonSchemaFactory factory, JsonNode api, String response, JsonNode answer) {
        ObjectNode root = api.deepCopy();
        String pointer = response + "/content/application~1json/schema";
        root.put("$ref", pointer);
        JsonSchema schema = factory.getSchema(root);
        assertThat(schema.validate(answer)).as(response + " " + answer).isEmpty();
    }

    private static List<String> names(JsonNode api, JsonNode parameters) {
        List<String> names = new ArrayList<>();
        for (JsonNode parameter : parameters) {
            String reference = parameter.path("$ref").asText("");
            names.add(
                    (reference.isEmpty() ? parameter : api.at(reference.substring(1)))
                            .path("name")
                            .asText());
        }
        return names;
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void nothingFromElsewhereAndNothingInlineIsRun() {
        for (String path :
                List.of("/", "/js/main.js", "/api/services", "/nothing", "/api/nothing")) {
            HttpResponse<String> answer = dashboard.ask(path);
            String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
            assertThat(policy)
                    .as(path)
                    .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
        String page = dashboard.ask("/").body();
        assertThat(page).doesNotContain("http://", "style=", "onclick", "<script>");
        assertThat(dashboard.ask("/api/nothing").statusCode()).isEqualTo(404);
        assertThat(dashboard.ask("/../log4j2.properties").statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(dashboard.ask("/%2e%2e/openapi.yaml").statusCode()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void aPageOfSomewhereElseCannotReadIt() throws IOException {
        assertThat(rawGet("evil.example:8501", "/api/services")).contains(" 421 ");
        assertThat(rawGet("localhost", "/api/services")).contains(" 200 ");
        assertThat(
                        dashboard
                                .ask("/api/services")
                                .headers()
                                .firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    /** The JDK's client does not let a test choose the host. */
    private static String rawGet(String host, String path) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(
                            ("GET "
                                            + path
                                            + " HTTP/1.1\r\nHost: "
                                            + host
                                            + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    private static Socket connect() throws IOException {
        return connect(dashboard);
    }

    private static Socket connect(RunningDashboard to) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), URI.create(to.address()).getPort());
    }

    @Test
    void withATokenOnlyThoseWhoKnowItSeeAnything() {
        try (RunningDashboard closed =
                RunningDashboard.of(
                        database,
                        redis,
                        NO_FLINK,
                        Map.of(),
                        Map.of("ADSTREAM_DASHBOARD_TOKEN", TOKEN))) {
            for (String path :
                    List.of("/api/services", "/api/stream?watch=services", "/api/openapi.json")) {
                assertThat(closed.ask(path).statusCode()).as(path).isEqualTo(401);
            }
            assertThat(closed.ask("/js/main.js").statusCode()).isEqualTo(401);
            assertThat(closed.ask("/health").statusCode()).isEqualTo(200);
            assertThat(closed.ask("/").body()).contains("name=\"token\"").doesNotContain("main.js");
            assertThat(closed.ask("/api/services", "Authorization", "Bearer " + TOKEN).statusCode())
                    .isEqualTo(200);
            assertThat(closed.ask("/api/services", "Authorization", "Bearer wrong").statusCode())
                    .isEqualTo(401);

            HttpResponse<String> refused = login(closed, "wrong");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
            HttpResponse<String> admitted = login(closed, TOKEN);
            String cookie = admitted.headers().allValues("Set-Cookie").get(0);
            assertThat(admitted.statusCode()).isEqualTo(303);
            assertThat(cookie)
                    .contains("HttpOnly", "SameSite=Strict", "Path=/")
                    .doesNotContain(TOKEN);
            String pair = cookie.substring(0, cookie.indexOf(';'));
            assertThat(closed.ask("/", "Cookie", pair).body()).contains("main.js");
            assertThat(closed.ask("/api/services", "Cookie", pair).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> login(RunningDashboard closed, String token) {
        return closed.send(
                HttpRequest.newBuilder(URI.create(closed.address() + "/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "token="
                                                + URLEncoder.encode(
                                                        token, StandardCharsets.UTF_8))));
    }

    @Test
    void whatIsAskedForWrongIsSaidAndNothingElseHappens() {
        for (String wrong :
                List.of(
                        "series?scope=everything",
                        "series?scope=ad",
                        "series?id=ad-1",
                        "series?window=1m&window=5m",
                        "series?points=9999999999",
                        "budgets?order=desc;drop%20table",
                        "user",
                        "user?user_id=%00")) {
            HttpResponse<String> answer = dashboard.ask("/api/" + wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(answer.body()).contains("BAD_PARAMETER");
        }
        for (String wrong :
                List.of("", "?watch=nothing", "?watch=series%3Fpoints%3D1", "?watch=user")) {
            assertThat(dashboard.ask("/api/stream" + wrong).statusCode()).as(wrong).isEqualTo(400);
        }
        for (String id : List.of("' or 1=1 --", "\"; drop table x; --", "%", "a\\'b", "<script>")) {
            JsonNode series =
                    dashboard.get(
                            "series?scope=ad&id=" + URLEncoder.encode(id, StandardCharsets.UTF_8));
            assertThat(series.path("state").asText()).as(id).isEqualTo("EMPTY");
        }
        assertThat(database.queryLong("select count(*) from budget.campaigns")).isEqualTo(18);
    }

    @Test
    void aStreamTellsWhatChangesAndOneThatIsNotReadHoldsNobodyUp() throws IOException {
        List<Socket> asleep = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            // Never reads: its buffers fill up, and nothing of the server waits for it.
            Socket socket = connect();
            socket.setReceiveBufferSize(1_024);
            stream(
                    socket,
                    "series%3Fpoints%3D240",
                    "top-ads%3Flimit%3D100",
                    "alerts",
                    "budgets%3Flimit%3D500");
            asleep.add(socket);
        }
        try (Socket socket = connect()) {
            stream(socket, "alerts", "services");
            BufferedReader events =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            readUntil(events, "event: alerts");
            readUntil(events, "event: beat");
            results.tell(
                    new Incident("al-new", "click-flood", "CRITICAL", "IP", "203.0.113.9", "new"),
                    "OPEN",
                    Instant.now());
            assertThat(readUntil(events, "al-new")).startsWith("data: {\"view\":\"alerts\"");
            await().untilAsserted(
                            () ->
                                    assertThat(
                                                    RunningDashboard.json(
                                                                    dashboard.ask("/health").body())
                                                            .path("streams")
                                                            .asInt())
                                            .isEqualTo(61));
        } finally {
            for (Socket socket : asleep) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                RunningDashboard.json(
                                                                dashboard.ask("/health").body())
                                                        .path("streams")
                                                        .asInt())
                                        .isZero());
    }

    private static void stream(Socket socket, String... watched) throws IOException {
        socket.getOutputStream()
                .write(
                        ("GET /api/stream?watch="
                                        + String.join("&watch=", watched)
                                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private static String readUntil(BufferedReader events, String text) throws IOException {
        String line = events.readLine();
        while (line != null && !line.contains(text)) {
            line = events.readLine();
        }
        assertThat(line).as(text).isNotNull();
        return line;
    }

    @Test
    void tooManyPagesAreRefused() throws IOException {
        try (RunningDashboard small =
                        RunningDashboard.of(
                                database,
                                redis,
                                NO_FLINK,
                                Map.of("dashboard.max-streams", "2"),
                                Map.of());
                Socket one = connect(small);
                Socket two = connect(small)) {
            stream(one, "services");
            stream(two, "services");
            await().untilAsserted(
                            () ->
                                    assertThat(small.ask("/health").body())
                                            .contains("\"streams\":2"));
            assertThat(small.ask("/api/stream?watch=services").statusCode()).isEqualTo(503);
        }
    }
}
