package io.adstream.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.adstream.local.install.Installation;
import io.adstream.local.system.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A whole system, with real processes: started, hurt, looked at, stopped. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdstreamITCase {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir static Path folder;

    private static final CommandRun RUN = new CommandRun();
    private static int offset;

    @BeforeAll
    static void up() {
        offset = FreePorts.offset();
        assertThat(command("up", "-d", "--jobs", "", "--no-traffic", "--port-offset=" + offset))
                .as(RUN.out() + RUN.err())
                .isZero();
    }

    @AfterAll
    static void downWhateverHappened() {
        command("down");
    }

    @Test
    @Order(1)
    void showsItsAddressesAndProcesses() throws IOException {
        JsonNode status = status();

        assertThat(fields(status))
                .containsExactlyInAnyOrder(
                        "kafka", "redis", "postgres", "flink", "dashboard", "jobs", "processes");
        assertThat(status.path("kafka").asText())
                .isEqualTo("127.0.0.1:" + new Ports(offset).kafka());
        assertThat(status.path("postgres").asText())
                .startsWith(
                        "jdbc:postgresql://127.0.0.1:"
                                + new Ports(offset).postgres()
                                + "/adstream?")
                .contains("user=adstream&password=");
        assertThat(fields(status.path("processes")))
                .containsExactlyInAnyOrder(
                        "kafka",
                        "postgres",
                        "redis",
                        "jobmanager",
                        "taskmanager-1",
                        "taskmanager-2",
                        "dashboard");
        assertThat(command("status", "--check")).as(RUN.out()).isZero();
        assertThat(command("topics", "check")).as(RUN.out()).isZero();
    }

    @Test
    @Order(1)
    void servesTheDashboardWithARoleThatMayOnlyRead() throws IOException, SQLException {
        String address = status().path("dashboard").asText();
        assertThat(address).isEqualTo("http://127.0.0.1:" + new Ports(offset).dashboard());
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(ask(address + "/health").path("services").elements())
                                        .toIterable()
                                        .extracting(JsonNode::asText)
                                        .containsExactly("UP", "UP", "UP"));
        assertThat(ask(address + "/api/jobs").path("state").asText()).isEqualTo("EMPTY");

        String password =
                Files.readString(folder.resolve("data/secrets/dashboard-postgres-password"));
        try (Connection reader =
                        DriverManager.getConnection(
                                "jdbc:postgresql://127.0.0.1:"
                                        + new Ports(offset).postgres()
                                        + "/adstream",
                                "adstream_dashboard",
                                password);
                Statement statement = reader.createStatement()) {
            statement.executeQuery("select * from budget.campaigns").close();
            for (String refused :
                    List.of(
                            "delete from budget.campaigns",
                            "insert into quality.scores (ad_id) values ('ad')",
                            "select * from realtime.raw_events",
                            "create table budget.mine (id int)")) {
                assertThatThrownBy(() -> statement.execute(refused))
                        .as(refused)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    @Order(2)
    void saysThatItIsAlreadyUp() {
        assertThat(command("up", "-d", "--port-offset=" + offset)).isZero();
        assertThat(RUN.out()).contains("already up");
        assertThat(command("up", "-d", "--fresh", "--port-offset=" + offset)).isEqualTo(1);
    }

    @Test
    @Order(3)
    void namesTheHolderOfABusyPort(@TempDir Path other) {
        assertThat(
                        RUN.exitCode(
                                "up",
                                "--jobs",
                                "",
                                "--no-traffic",
                                "--port-offset=" + offset,
                                "--data-dir=" + other))
                .isEqualTo(ExitCode.FAILURE);
        assertThat(RUN.err())
                .contains("port " + new Ports(offset).redis() + " (Redis) is taken")
                .contains("--port-offset");
    }

    @Test
    @Order(4)
    void startsAProcessAgainThatWasKilled() throws IOException {
        long pid = status().path("processes").path("redis").path("pid").asLong();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            JsonNode redis = status().path("processes").path("redis");
                            assertThat(redis.path("restarts").asInt()).isEqualTo(1);
                            assertThat(redis.path("pid").asLong()).isNotZero().isNotEqualTo(pid);
                        });
        assertThat(command("logs", "supervisor")).isZero();
        assertThat(RUN.out()).contains("redis ended unexpectedly (signal 9)");
    }

    @Test
    @Order(5)
    void submitsAJobAgainThatWasLostWithTheJobManager() throws IOException {
        assertThat(Installation.current().jobs())
                .as("jobs whose jars ./mvnw package has built")
                .containsKey("metrics");
        assertThat(command("submit", "metrics")).as(RUN.out() + RUN.err()).isZero();
        String lost = status().path("jobs").path("metrics").path("id").asText();
        assertThat(command("submit", "metrics")).isEqualTo(ExitCode.FAILURE);
        assertThat(RUN.err()).contains("metrics is RUNNING already");
        assertThat(command("savepoint", "metrics")).as(RUN.err()).isZero();
        assertThat(Path.of(RUN.out().trim()).resolve("_metadata")).exists();

        long pid = status().path("processes").path("jobmanager").path("pid").asLong();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            JsonNode job = status().path("jobs").path("metrics");
                            assertThat(job.path("state").asText()).isEqualTo("RUNNING");
                            assertThat(job.path("id").asText()).isNotEqualTo(lost);
                        });
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(command("status", "--check")).isZero());
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                Files.readString(
                                                        folder.resolve("data/logs/supervisor.log")))
                                        .containsPattern(
                                                "metrics runs again from (chk|savepoint)-"));
    }

    @Test
    @Order(6)
    void stopsEverythingThatItStarted() throws IOException {
        List<Long> pids = new ArrayList<>();
        status().path("processes").forEach(process -> pids.add(process.path("pid").asLong()));

        assertThat(command("down")).as(RUN.out() + RUN.err()).isZero();

        assertThat(pids)
                .isNotEmpty()
                .allSatisfy(
                        pid ->
                                assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                                        .isEmpty());
        assertThat(command("status")).isEqualTo(ExitCode.NOT_UP);
    }

    private static int command(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--data-dir=" + folder.resolve("data"));
        return RUN.exitCode(all.toArray(String[]::new));
    }

    private static JsonNode status() throws IOException {
        assertThat(command("status", "--json")).as(RUN.err()).isZero();
        return new ObjectMapper().readTree(RUN.out());
    }

    private static JsonNode ask(String address) throws IOException {
        try (InputStream answer = URI.create(address).toURL().openStream()) {
            return new ObjectMapper().readTree(answer);
        }
    }

    private static Set<String> fields(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
