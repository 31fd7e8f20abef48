package io.adstream.testing.services;

import io.adstream.testing.ProjectRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/** A PostgreSQL server. */
public abstract class PostgresServer implements TestService {

    /** Folder of the project's migrations, from the root of the source tree. */
    public static final String MIGRATIONS = "conf/sql";

    private static final String TEMPLATE = "adstream_template";

    private final AtomicInteger databases = new AtomicInteger();
    private boolean templateReady;

    /** Name of the superuser. */
    public abstract String user();

    /** The superuser's password. */
    public abstract String password();

    /** JDBC address of a database of this server, without user and password. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    /**
     * Makes a database of the caller's own, with the project's migrations applied. The first call
     * migrates a template; later ones copy it, in a fraction of a second.
     */
    public synchronized TestDatabase newDatabase() {
        if (!templateReady) {
            execute("drop database if exists " + TEMPLATE);
            execute("create database " + TEMPLATE);
            migrate(TEMPLATE);
            templateReady = true;
        }
        return create("test_" + databases.incrementAndGet(), " template " + TEMPLATE);
    }

    /** Makes an empty database, without any of the project's tables. */
    public synchronized TestDatabase newEmptyDatabase() {
        return create("empty_" + databases.incrementAndGet(), "");
    }

    /**
     * Starts a server of the test's own, to be harmed freely.
     *
     * @param folder where its data lies
     */
    public static PostgresProcess start(Path folder) {
        return PostgresProcess.in(folder);
    }

    private TestDatabase create(String name, String clause) {
        execute("drop database if exists " + name);
        execute("create database " + name + clause);
        return new TestDatabase(jdbcUrl(name), user(), password());
    }

    private void migrate(String database) {
        Path migrations = ProjectRoot.resolve(MIGRATIONS);
        if (Files.isDirectory(migrations)) {
            Flyway.configure()
                    .dataSource(jdbcUrl(database), user(), password())
                    .locations("filesystem:" + migrations)
                    .load()
                    .migrate();
        }
    }

    private void execute(String sql) {
        try (Connection connection =
                        DriverManager.getConnection(jdbcUrl("postgres"), user(), password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + sql, e);
        }
    }
}
