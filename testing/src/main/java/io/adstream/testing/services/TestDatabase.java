package io.adstream.testing.services;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database of a test's own.
 *
 * @param jdbcUrl its address without user and password
 * @param user who connects
 * @param password the user's password
 */
public record TestDatabase(String jdbcUrl, String user, String password) {

    /** The address with user and password in it. */
    public String jdbcUrlWithCredentials() {
        return jdbcUrl + "?user=" + encode(user) + "&password=" + encode(password);
    }

    /** A new connection; the caller closes it. */
    public Connection connect() {
        try {
            return DriverManager.getConnection(jdbcUrl, user, password);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to " + jdbcUrl, e);
        }
    }

    /** The same database as somebody who has the rights of a role and no others. */
    public TestDatabase as(String role) {
        // Logins belong to the server, which several tests share.
        String login = role + "_of_" + jdbcUrl.substring(jdbcUrl.lastIndexOf('/') + 1);
        if (query("select 1 from pg_roles where rolname = '" + login + "'").isEmpty()) {
            execute("create role " + login + " login password '" + login + "' in role " + role);
        }
        return new TestDatabase(jdbcUrl, login, login);
    }

    /** Runs one or more statements. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + sql, e);
        }
    }

    /** The rows of a query, each from column label to the driver's object. */
    public List<Map<String, @Nullable Object>> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Map<String, @Nullable Object>> result = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int column = 1; column <= columns; column++) {
                    row.put(rows.getMetaData().getColumnLabel(column), rows.getObject(column));
                }
                result.add(row);
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL refused: " + sql, e);
        }
    }

    /** The single number that a query gives, such as a count. */
    public long queryLong(String sql) {
        List<Map<String, @Nullable Object>> rows = query(sql);
        Object value = rows.size() == 1 ? rows.get(0).values().iterator().next() : null;
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("not one number: " + sql + " gave " + rows);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
