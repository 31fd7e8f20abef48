package io.adstream.common.redis;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.RedisOptions;
import io.adstream.common.config.Secret;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach one Redis server. The password is never part of {@link #toString()}.
 *
 * @param host name or address
 * @param port TCP port
 * @param user ACL user, or null for the default user
 * @param password password, or null for none
 * @param database number of the database, 0 unless told otherwise
 * @param tls whether the connection is encrypted; the server's name is then checked
 * @param tlsCaFile PEM file with the authorities that are trusted, or null for the JVM's own
 * @param timeout how long connecting, and waiting for one reply, may take before the connection is
 *     given up and the write is repeated
 */
public record RedisConnectionConfig(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        int database,
        boolean tls,
        @Nullable String tlsCaFile,
        Duration timeout)
        implements Serializable {

    /** The timeout of a connection that does not set one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** The server that a job's settings name. */
    public static RedisConnectionConfig from(JobSettings settings) {
        return new RedisConnectionConfig(
                settings.get(RedisOptions.HOST),
                settings.get(RedisOptions.PORT),
                settings.find(RedisOptions.USER).orElse(null),
                settings.secret(RedisOptions.PASSWORD).map(Secret::reveal).orElse(null),
                settings.get(RedisOptions.DATABASE),
                settings.get(RedisOptions.TLS),
                settings.find(RedisOptions.TLS_CA_FILE).orElse(null),
                settings.get(RedisOptions.TIMEOUT));
    }

    /** A server without password, encryption or another database than 0. */
    public static RedisConnectionConfig of(String host, int port) {
        return new RedisConnectionConfig(host, port, null, null, 0, false, null, DEFAULT_TIMEOUT);
    }

    /** The same server with an ACL user (null: the default one) and password. */
    public RedisConnectionConfig withCredentials(@Nullable String aUser, String aPassword) {
        return new RedisConnectionConfig(
                host, port, aUser, aPassword, database, tls, tlsCaFile, timeout);
    }

    /** The same server over TLS, trusting the authorities in a PEM file (null: the JVM's). */
    public RedisConnectionConfig withTls(@Nullable String caFile) {
        return new RedisConnectionConfig(
                host, port, user, password, database, true, caFile, timeout);
    }

    /** The same server with another timeout. */
    public RedisConnectionConfig withTimeout(Duration aTimeout) {
        return new RedisConnectionConfig(
                host, port, user, password, database, tls, tlsCaFile, aTimeout);
    }

    /** Address and database for messages: {@code redis://host:port/database}. */
    public String address() {
        return (tls ? "rediss://" : "redis://") + host + ":" + port + "/" + database;
    }

    @Override
    public String toString() {
        return "RedisConnectionConfig[" + address() + "]";
    }
}
