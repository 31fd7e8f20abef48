package io.adstream.dashboard.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.adstream.common.config.Secret;
import io.adstream.dashboard.DashboardConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads PostgreSQL. Sessions are read-only, so that even a role that may write writes nothing, and
 * a statement ends by itself before its client gives up.
 */
public final class PostgresStore implements AutoCloseable {

    private static final int CONNECTIONS = 10;
    private static final Duration SLACK = Duration.ofSeconds(1);

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final HikariDataSource source;
    private final ServiceWatch watch;

    public PostgresStore(DashboardConfig.Postgres config, ServiceWatch watch) {
        this.watch = watch;
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("postgres");
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.user());
        Secret password = config.password();
        if (password != null) {
            pool.setPassword(password.reveal());
        }
        pool.setReadOnly(true);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        pool.setConnectionTimeout(Duration.ofSeconds(1).toMillis());
        pool.setValidationTimeout(Duration.ofMillis(800).toMillis());
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionInitSql(
                "set default_transaction_read_only = on; set statement_timeout = "
                        + config.timeout().toMillis());
        pool.addDataSourceProperty("ApplicationName", "adstream-dashboard");
        pool.addDataSourceProperty("connectTimeout", "2");
        pool.addDataSourceProperty(
                "socketTimeout", String.valueOf(config.timeout().plus(SLACK).toSeconds()));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        this.source = new HikariDataSource(pool);
    }

    /** Asks whether PostgreSQL is there. */
    public void probe() {
        run("select 1", List.of(), row -> row.getInt(1));
    }

    /**
     * Runs a query.
     *
     * @param sql with a question mark for each argument
     * @param arguments text, numbers, {@link Instant}s, or lists of texts for {@code any(?)}
     */
    public <T> List<T> query(String sql, List<?> arguments, Row<T> row) {
        watch.require(Service.POSTGRES);
        return run(sql, arguments, row);
    }

    private <T> List<T> run(String sql, List<?> arguments, Row<T> row) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.size(); i++) {
                bind(connection, statement, i + 1, arguments.get(i));
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(row.read(result));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private static void bind(
            Connection connection, PreparedStatement statement, int position, Object value)
            throws SQLException {
        if (value instanceof Instant instant) {
            statement.setObject(position, instant.atOffset(ZoneOffset.UTC));
        } else if (value instanceof List<?> texts) {
            statement.setArray(position, connection.createArrayOf("text", texts.toArray()));
        } else {
            statement.setObject(position, value);
        }
    }

    private StoreException translated(SQLException e) {
        SQLException cause = e;
        // The pool hides why it has no connection.
        if (e instanceof SQLTransientConnectionException
                && e.getCause() instanceof SQLException s) {
            cause = s;
        }
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        if (state.equals("57014")) {
            return StoreException.refused(Service.POSTGRES, "the query takes too long", e);
        }
        if (state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("53300")
                || (state.isEmpty() && e instanceof SQLTransientConnectionException)) {
            return watch.away(Service.POSTGRES, "it does not answer");
        }
        if (e instanceof SQLTransientConnectionException) {
            // Such as a wrong password: no query can work.
            return watch.away(Service.POSTGRES, firstLine(cause));
        }
        return StoreException.refused(Service.POSTGRES, firstLine(cause), e);
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason");
    }

    /** A point in time of a row; null where it has none. */
    public static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        // The ends of time, "infinity" in PostgreSQL, are no time that could be shown.
        return time == null || time.equals(OffsetDateTime.MAX) || time.equals(OffsetDateTime.MIN)
                ? null
                : time.toInstant();
    }

    /** A point in time of a row that always has one. */
    public static Instant timeOf(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public void close() {
        source.close();
    }
}
