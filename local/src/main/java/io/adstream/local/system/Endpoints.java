package io.adstream.local.system;

import io.adstream.local.CommandFailure;
import io.adstream.local.ExitCode;
import io.adstream.local.service.PostgresService;
import io.adstream.local.service.ServiceFile;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the services of a system are.
 *
 * @param ports its ports
 * @param postgresPasswordFile the file with the password of PostgreSQL's user
 */
public record Endpoints(Ports ports, Path postgresPasswordFile) {

    /**
     * The services of the system that runs in a data directory.
     *
     * @throws CommandFailure where none runs
     */
    public static Endpoints ofRunning(DataDir data) {
        return findRunning(data).orElseThrow(() -> notUp(data));
    }

    /** The services of the system that runs in a data directory; empty where none runs. */
    public static Optional<Endpoints> findRunning(DataDir data) {
        return RunningSystem.find(data)
                .map(system -> new Endpoints(system.ports(), data.postgresPasswordFile()));
    }

    static CommandFailure notUp(DataDir data) {
        return new CommandFailure(
                ExitCode.NOT_UP,
                "adstream is not up (data directory "
                        + data.root()
                        + "); start it with ./adstream up.");
    }

    public String kafka() {
        return "127.0.0.1:" + ports.kafka();
    }

    public String redis() {
        return "127.0.0.1:" + ports.redis();
    }

    /** The database's URL without credentials. */
    public String postgresUrl() {
        return PostgresService.url(ports.postgres());
    }

    public String postgresUser() {
        return PostgresService.USER;
    }

    public String postgresPassword() {
        return ServiceFile.readPassword(postgresPasswordFile);
    }

    /** The database's URL with user and password: all that a client needs. */
    public String postgresUrlWithPassword() {
        return postgresUrl()
                + "?user="
                + postgresUser()
                + "&password="
                + URLEncoder.encode(postgresPassword(), StandardCharsets.UTF_8);
    }

    public String dashboard() {
        return "http://127.0.0.1:" + ports.dashboard();
    }

    public String flink() {
        return "http://127.0.0.1:" + ports.flink();
    }
}
