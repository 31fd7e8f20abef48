package io.adstream.dashboard;

import io.adstream.common.config.SecretOption;
import java.time.Duration;
import java.util.List;

/** The settings of the dashboard. */
final class DashboardSettings {

    static final Setting<String> HOST =
            Setting.text(
                    "dashboard.host",
                    "127.0.0.1",
                    "The address that is listened on. Another than loopback needs a token.");
    static final Setting<Integer> PORT =
            Setting.integer("dashboard.port", 8501, 0, 65_535, "The port; 0 is any that is free.");
    static final SecretOption TOKEN =
            new SecretOption(
                    "dashboard.token",
                    "Who knows it may look; 16 characters at least. Without one everybody on this"
                            + " machine may.");
    static final Setting<Integer> MAX_STREAMS =
            Setting.integer(
                    "dashboard.max-streams",
                    500,
                    1,
                    10_000,
                    "Pages that may be open at the same time.");

    static final Setting<String> REDIS_HOST =
            Setting.text("redis.host", "localhost", "Redis' name or address.");
    static final Setting<Integer> REDIS_PORT =
            Setting.integer("redis.port", 6379, 1, 65_535, "Redis' port.");
    static final Setting<Integer> REDIS_DATABASE =
            Setting.integer("redis.database", 0, 0, 1_000, "The number of Redis' database.");
    static final Setting<String> REDIS_USER =
            Setting.text("redis.user", null, "The ACL user; without it the default user.");
    static final SecretOption REDIS_PASSWORD =
            new SecretOption("redis.password", "Redis' password.");
    static final Setting<Boolean> REDIS_TLS =
            Setting.flag(
                    "redis.tls",
                    false,
                    "Encrypts the connection; the JVM's authorities are trusted.");
    static final Setting<Duration> REDIS_TIMEOUT =
            Setting.duration(
                    "redis.timeout",
                    "1 s",
                    Duration.ofMillis(100),
                    Duration.ofSeconds(30),
                    "How long Redis may take for an answer before it counts as away.");

    static final Setting<String> POSTGRES_URL =
            Setting.text(
                    "postgres.url",
                    "jdbc:postgresql://localhost:5432/adstream",
                    "PostgreSQL's address, jdbc:postgresql://host:port/database.");
    static final Setting<String> POSTGRES_USER =
            Setting.text(
                    "postgres.user",
                    "adstream_dashboard",
                    "A role that may read what the page shows, and nothing else.");
    static final SecretOption POSTGRES_PASSWORD =
            new SecretOption("postgres.password", "The role's password.");
    static final Setting<Duration> POSTGRES_TIMEOUT =
            Setting.duration(
                    "postgres.timeout",
                    "4 s",
                    Duration.ofMillis(500),
                    Duration.ofSeconds(60),
                    "How long a query may take.");

    static final Setting<String> FLINK_URL =
            Setting.address(
                    "flink.url",
                    "http://localhost:8081",
                    "Flink's REST interface, as the dashboard reaches it.");
    static final Setting<String> FLINK_PUBLIC_URL =
            Setting.address(
                    "flink.public-url",
                    null,
                    "Flink's WebUI, as those who look at the page reach it; without it flink.url.");

    static final List<Setting<?>> ALL =
            List.of(
                    HOST,
                    PORT,
                    MAX_STREAMS,
                    REDIS_HOST,
                    REDIS_PORT,
                    REDIS_DATABASE,
                    REDIS_USER,
                    REDIS_TLS,
                    REDIS_TIMEOUT,
                    POSTGRES_URL,
                    POSTGRES_USER,
                    POSTGRES_TIMEOUT,
                    FLINK_URL,
                    FLINK_PUBLIC_URL);

    static final List<SecretOption> SECRETS = List.of(TOKEN, REDIS_PASSWORD, POSTGRES_PASSWORD);

    private DashboardSettings() {}
}
