package io.adstream.common.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Where PostgreSQL is and how rows are written. */
public final class PostgresOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("PostgreSQL", "The PostgreSQL that keeps history.");

    public static final ConfigOption<String> URL =
            OPTIONS.string("postgres.url")
                    .defaultTo("jdbc:postgresql://localhost:5432/adstream")
                    .where(
                            PostgresOptions::isUrlWithoutCredential,
                            "jdbc:postgresql://host:port/database, possibly with ?parameters, without"
                                    + " user or password (set postgres.user and"
                                    + " postgres.password-file)")
                    .describedAs("JDBC URL of the database.");

    public static final ConfigOption<String> USER =
            OPTIONS.string("postgres.user").defaultTo("adstream").describedAs("Database user.");

    public static final SecretOption PASSWORD =
            OPTIONS.secret("postgres.password", "Password of the user.");

    public static final ConfigOption<Duration> TIMEOUT =
            OPTIONS.duration("postgres.timeout")
                    .defaultTo(Duration.ofSeconds(30))
                    .between(Duration.ofSeconds(1), Duration.ofMinutes(5))
                    .describedAs(
                            "How long to wait for a connection or a statement before the connection"
                                    + " counts as broken and is made anew.");

    public static final ConfigOption<Integer> BATCH_ROWS =
            OPTIONS.integer("postgres.batch-rows")
                    .defaultTo(5_000)
                    .between(1, 100_000)
                    .describedAs("Rows that go into one statement at most.");

    private PostgresOptions() {}

    private static boolean isUrlWithoutCredential(String url) {
        String lower = url.toLowerCase(java.util.Locale.ROOT);
        return url.matches("jdbc:postgresql://[^/@\\s]+/[^?@\\s]+(\\?\\S*)?")
                && !lower.matches(".*[?&](user|password|sslpassword)=.*");
    }
}
