package io.adstream.dashboard;

import io.adstream.common.config.ConfigException;
import io.adstream.common.config.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The validated settings; {@link DashboardSettings} describes each.
 *
 * @param token null where everybody may look
 * @param redis how Redis is reached
 * @param postgres how PostgreSQL is reached
 * @param flinkUrl Flink as the dashboard reaches it
 * @param flinkPublicUrl Flink as a browser reaches it
 */
public record DashboardConfig(
        String host,
        int port,
        @Nullable Secret token,
        int maxStreams,
        Redis redis,
        Postgres postgres,
        String flinkUrl,
        String flinkPublicUrl) {

    private static final int SHORTEST_TOKEN = 16;

    /** How Redis is reached. */
    public record Redis(
            String host,
            int port,
            int database,
            @Nullable String user,
            @Nullable Secret password,
            boolean tls,
            Duration timeout) {}

    /** How PostgreSQL is reached. */
    public record Postgres(String url, String user, @Nullable Secret password, Duration timeout) {}

    /**
     * The settings by arguments, files and environment.
     *
     * @throws ConfigException with all problems found
     */
    static DashboardConfig load(String[] args, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(environment);
        reader.readArguments(args);
        return of(reader);
    }

    /** The settings by key and value alone. */
    public static DashboardConfig of(Map<String, String> given, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(environment);
        given.forEach((key, value) -> reader.give(key, value, ""));
        return of(reader);
    }

    private static DashboardConfig of(SettingsReader reader) {
        String host = reader.get(DashboardSettings.HOST, "127.0.0.1");
        Optional<Secret> token = reader.secret(DashboardSettings.TOKEN);
        List<String> problems = new ArrayList<>();
        if (token.isPresent() && token.get().reveal().length() < SHORTEST_TOKEN) {
            problems.add("dashboard.token: allowed are " + SHORTEST_TOKEN + " characters or more");
        }
        if (token.isEmpty() && !isLoopback(host)) {
            problems.add(
                    "dashboard.host is "
                            + host
                            + ", which others can reach: set dashboard.token-file or"
                            + " ADSTREAM_DASHBOARD_TOKEN, or listen on 127.0.0.1");
        }
        String url = reader.get(DashboardSettings.POSTGRES_URL, "");
        if (!url.startsWith("jdbc:postgresql:") || url.contains("password=")) {
            problems.add(
                    "postgres.url: allowed is jdbc:postgresql://host:port/database, without a"
                            + " password in it");
        }
        problems.forEach(reader::problem);
        String flink = reader.get(DashboardSettings.FLINK_URL, "");
        DashboardConfig config =
                new DashboardConfig(
                        host,
                        reader.get(DashboardSettings.PORT, 0),
                        token.orElse(null),
                        reader.get(DashboardSettings.MAX_STREAMS, 1),
                        new Redis(
                                reader.get(DashboardSettings.REDIS_HOST, ""),
                                reader.get(DashboardSettings.REDIS_PORT, 0),
                                reader.get(DashboardSettings.REDIS_DATABASE, 0),
                                reader.find(DashboardSettings.REDIS_USER).orElse(null),
                                reader.secret(DashboardSettings.REDIS_PASSWORD).orElse(null),
                                reader.get(DashboardSettings.REDIS_TLS, false),
                                reader.get(DashboardSettings.REDIS_TIMEOUT, Duration.ZERO)),
                        new Postgres(
                                url,
                                reader.get(DashboardSettings.POSTGRES_USER, ""),
                                reader.secret(DashboardSettings.POSTGRES_PASSWORD).orElse(null),
                                reader.get(DashboardSettings.POSTGRES_TIMEOUT, Duration.ZERO)),
                        flink,
                        reader.find(DashboardSettings.FLINK_PUBLIC_URL).orElse(flink));
        reader.finish();
        return config;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
