package io.adstream.local.service;

import io.adstream.local.CommandFailure;
import io.adstream.local.install.PostgresBinaries;
import io.adstream.local.process.ProcessSpec;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** PostgreSQL with one database and one user, both {@code adstream}. */
public final class PostgresService implements Service {

    public static final String NAME = "postgres";
    public static final String USER = "adstream";
    public static final String DATABASE = "adstream";

    private final Path binaries;
    private final Path folder;
    private final Path passwordFile;
    private final Path log;
    private final int port;
    private @Nullable Path programs;
    private List<String> asUser = List.of();

    /**
     * @param binaries where programs are unpacked
     * @param folder the folder for its data
     * @param passwordFile the file with its user's password, made where it is missing
     * @param log the file that takes its log
     */
    public PostgresService(Path binaries, Path folder, Path passwordFile, Path log, int port) {
        this.binaries = binaries;
        this.folder = folder;
        this.passwordFile = passwordFile;
        this.log = log;
        this.port = port;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** URL of the database, without user and password. */
    public static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    @Override
    public void prepare() {
        programs = PostgresBinaries.unpackedIn(binaries);
        ServiceFile.password(passwordFile);
        if (Files.exists(data().resolve("PG_VERSION"))) {
            asUser = UnprivilegedUser.owning(folder);
        } else {
            initialize();
        }
    }

    @Override
    public ProcessSpec process(int attempt) {
        List<String> command = new ArrayList<>(asUser);
        command.addAll(
                List.of(
                        program("postgres"),
                        "-D",
                        data().toString(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "timezone=UTC",
                        "-c",
                        "log_timezone=UTC"));
        return new ProcessSpec(NAME, command, Map.of(), log, log);
    }

    @Override
    public boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Makes the database where it is missing. */
    public void createDatabase() {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "select 1 from pg_database where datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.executeUpdate("create database " + DATABASE);
            }
        } catch (SQLException e) {
            throw new CommandFailure(
                    "The database " + DATABASE + " cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a login that has the rights of a role and no others.
     *
     * @param passwordFile the file with its password, made where it is missing
     */
    public void createReader(String login, String role, Path passwordFile) {
        String password = ServiceFile.password(passwordFile);
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet found =
                    statement.executeQuery(
                            "select 1 from pg_roles where rolname = '" + login + "'")) {
                exists = found.next();
            }
            if (!exists) {
                statement.executeUpdate("create role " + login);
            }
            // Of letters, digits, - and _ alone.
            statement.executeUpdate("alter role " + login + " login password '" + password + "'");
            statement.executeUpdate("grant " + role + " to " + login);
        } catch (SQLException e) {
            throw new CommandFailure("The role " + login + " cannot be made: " + e.getMessage(), e);
        }
    }

    private Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", ServiceFile.readPassword(passwordFile));
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    /** Makes the cluster aside and puts it in place when whole: a crash leaves no half of it. */
    private void initialize() {
        Path aside = folder.resolve("initdb");
        // A copy that the program's user owns, which need not be able to read our file.
        Path password = folder.resolve("initdb.password");
        try {
            new ProcessBuilder("rm", "-rf", aside.toString(), password.toString())
                    .start()
                    .waitFor();
            Files.createDirectories(folder);
            Files.copy(passwordFile, password, StandardCopyOption.COPY_ATTRIBUTES);
            asUser = UnprivilegedUser.owning(folder);
            List<String> command = new ArrayList<>(asUser);
            command.addAll(
                    List.of(
                            program("initdb"),
                            "--pgdata=" + aside,
                            "--username=" + USER,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--no-locale",
                            "--no-instructions"));
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .directory(new File("/"))
                            .start();
            if (process.waitFor() != 0) {
                throw new CommandFailure(
                        "PostgreSQL's initdb failed: "
                                + lastLine(log)
                                + " (whole output in "
                                + log
                                + ").");
            }
            Files.delete(password);
            Files.move(aside, data());
        } catch (IOException e) {
            throw new CommandFailure("PostgreSQL's initdb failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while PostgreSQL was being set up", e);
        }
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        return lines.stream()
                .filter(line -> line.contains("error"))
                .findFirst()
                .orElse("no reason");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private String program(String name) {
        if (programs == null) {
            throw new IllegalStateException("not prepared");
        }
        return programs.resolve("bin").resolve(name).toString();
    }
}
