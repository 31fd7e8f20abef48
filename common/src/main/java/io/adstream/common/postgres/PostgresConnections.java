package io.adstream.common.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens single connections without {@link java.sql.DriverManager}, which would keep the class
 * loader of a job that has ended, and without a pool.
 */
public final class PostgresConnections {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresConnections.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private PostgresConnections() {}

    /**
     * Connects. The session waits at most 5 s for a lock, gives a statement up before the client
     * does, and does not hold locks for a client that is gone.
     *
     * @throws SQLException if the server is away or refuses
     */
    public static Connection open(PostgresConnectionConfig config) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", config.user());
        if (config.password() != null) {
            properties.setProperty("password", config.password());
        }
        properties.setProperty("connectTimeout", seconds(CONNECT_TIMEOUT));
        properties.setProperty("socketTimeout", seconds(config.timeout()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "adstream");
        properties.setProperty("prepareThreshold", "1");
        Connection connection = new Driver().connect(config.url(), properties);
        leaveDriverManager();
        if (connection == null) {
            throw new SQLException(
                    "%s is no address of PostgreSQL; it is written jdbc:postgresql://host:port/database"
                            .formatted(config.address()),
                    "42000");
        }
        limitWaits(connection, config);
        return connection;
    }

    /** Closes a connection in whatever state it is, in order where that is possible. */
    public static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("A connection to PostgreSQL did not close cleanly", e);
        }
    }

    /** Cuts a connection that another thread may be using. */
    static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("A connection to PostgreSQL did not close cleanly", e);
        }
    }

    private static void limitWaits(Connection connection, PostgresConnectionConfig config)
            throws SQLException {
        long statementMs = config.timeout().toMillis() * 3 / 4;
        long lockMs = Math.min(5000, statementMs / 2);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "set lock_timeout = %d; set statement_timeout = %d; set idle_in_transaction_session_timeout = %d"
                            .formatted(lockMs, statementMs, config.timeout().toMillis()));
        } catch (SQLException e) {
            abort(connection);
            throw e;
        }
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }

    /** The driver registers itself when its class is loaded. Only a job's own copy is taken out. */
    private static void leaveDriverManager() throws SQLException {
        if (Driver.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
            return;
        }
        synchronized (PostgresConnections.class) {
            if (Driver.isRegistered()) {
                Driver.deregister();
            }
        }
    }
}
