package io.adstream.common.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;

/** Where Redis is and how hard it may be written to. */
public final class RedisOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Redis", "The Redis that serves current values.");

    public static final ConfigOption<String> HOST =
            OPTIONS.host("redis.host").defaultTo("localhost").describedAs("Host of Redis.");

    public static final ConfigOption<Integer> PORT =
            OPTIONS.integer("redis.port")
                    .defaultTo(6379)
                    .between(1, 65535)
                    .describedAs("Port of Redis.");

    public static final ConfigOption<Integer> DATABASE =
            OPTIONS.integer("redis.database")
                    .defaultTo(0)
                    .between(0, 65535)
                    .describedAs("Number of the logical database.");

    public static final ConfigOption<String> USER =
            OPTIONS.string("redis.user")
                    .describedAs("ACL user; without it the server's default user.");

    public static final SecretOption PASSWORD =
            OPTIONS.secret("redis.password", "Password of the user.");

    public static final ConfigOption<Boolean> TLS =
            OPTIONS.bool("redis.tls")
                    .defaultTo(false)
                    .describedAs(
                            "Whether to speak TLS; the server's certificate must be valid for the"
                                    + " host.");

    public static final ConfigOption<String> TLS_CA_FILE =
            OPTIONS.string("redis.tls-ca-file")
                    .describedAs(
                            "PEM file, readable on every TaskManager, with the authorities that may"
                                    + " have signed the server's certificate; without it those of"
                                    + " the JVM.");

    public static final ConfigOption<Duration> TIMEOUT =
            OPTIONS.duration("redis.timeout")
                    .defaultTo(Duration.ofSeconds(5))
                    .between(Duration.ofMillis(100), Duration.ofMinutes(1))
                    .describedAs(
                            "How long to wait for a connection or a reply before the connection"
                                    + " counts as broken and is made anew.");

    public static final ConfigOption<Integer> MAX_WRITES =
            OPTIONS.integer("redis.max-writes")
                    .defaultTo(50_000)
                    .between(1, 10_000_000)
                    .describedAs(
                            "Keys per second that the whole job may write. Above it the interval"
                                    + " between two writes of a live key stretches.");

    private RedisOptions() {}
}
