package io.adstream.common.postgres;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.PostgresOptions;
import io.adstream.common.config.Secret;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one PostgreSQL database. The password is never part of {@link #toString()}.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, with driver parameters if need be, but
 *     without password
 * @param user the role
 * @param password password, or null for none
 * @param timeout how long one answer of the server may take before the connection is given up and
 *     the batch is repeated
 * @param batchRows how many rows go into one statement at most
 */
public record PostgresConnectionConfig(
        String url, String user, @Nullable String password, Duration timeout, int batchRows)
        implements Serializable {

    /** The timeout of a connection that does not set one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** The rows of a statement where none are set. */
    public static final int DEFAULT_BATCH_ROWS = 5_000;

    /** The database that a job's settings name. */
    public static PostgresConnectionConfig from(JobSettings settings) {
        return new PostgresConnectionConfig(
                settings.get(PostgresOptions.URL),
                settings.get(PostgresOptions.USER),
                settings.secret(PostgresOptions.PASSWORD).map(Secret::reveal).orElse(null),
                settings.get(PostgresOptions.TIMEOUT),
                settings.get(PostgresOptions.BATCH_ROWS));
    }

    /** A database with the defaults for the rest. */
    public PostgresConnectionConfig(String url, String user, @Nullable String password) {
        this(url, user, password, DEFAULT_TIMEOUT, DEFAULT_BATCH_ROWS);
    }

    /** The same database with another timeout. */
    public PostgresConnectionConfig withTimeout(Duration aTimeout) {
        return new PostgresConnectionConfig(url, user, password, aTimeout, batchRows);
    }

    /** The URL without its parameters, for messages. */
    public String address() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    @Override
    public String toString() {
        return "PostgresConnectionConfig[" + address() + ", user " + user + "]";
    }
}
