package io.adstream.local.service;

import io.adstream.local.install.Installation;
import io.adstream.local.process.ProcessSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The dashboard. It is up before what it reads, and says so. */
public final class DashboardService implements Service {

    public static final String NAME = "dashboard";

    /** Who it is in PostgreSQL. */
    public static final String LOGIN = "adstream_dashboard";

    /** Whose rights the login has; the migrations make it. */
    public static final String ROLE = "adstream_dashboard_reader";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final Installation installation;
    private final Path passwordFile;
    private final Path log;
    private final int port;
    private final int redisPort;
    private final String postgresUrl;
    private final String flinkUrl;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();

    /**
     * @param passwordFile the file with the password of {@link #LOGIN}, made where it is missing
     * @param log the file that takes its log
     */
    public DashboardService(
            Installation installation,
            Path passwordFile,
            Path log,
            int port,
            int redisPort,
            String postgresUrl,
            String flinkUrl) {
        this.installation = installation;
        this.passwordFile = passwordFile;
        this.log = log;
        this.port = port;
        this.redisPort = redisPort;
        this.postgresUrl = postgresUrl;
        this.flinkUrl = flinkUrl;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String address() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void prepare() {
        ServiceFile.password(passwordFile);
    }

    @Override
    public ProcessSpec process(int attempt) {
        return new ProcessSpec(
                NAME,
                List.of(
                        Installation.java(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        installation.dashboardClassPath(),
                        "io.adstream.dashboard.Dashboard",
                        "--dashboard.port=" + port,
                        "--redis.host=127.0.0.1",
                        "--redis.port=" + redisPort,
                        "--postgres.url=" + postgresUrl,
                        "--postgres.user=" + LOGIN,
                        "--postgres.password-file=" + passwordFile,
                        "--flink.url=" + flinkUrl),
                Map.of(Installation.CONF_DIR_VARIABLE, installation.jobConf().toString()),
                log,
                log);
    }

    @Override
    public boolean answers() {
        try {
            return http.send(
                                    HttpRequest.newBuilder(URI.create(address() + "/health"))
                                            .timeout(PATIENCE)
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
