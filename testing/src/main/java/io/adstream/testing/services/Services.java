package io.adstream.testing.services;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * The servers that all tests of a JVM share. Each is started at its first use and closed when the
 * JVM ends. Tests keep out of each other's way by topics, databases and keys of their own; a test
 * that harms a server starts one for itself ({@link RedisServer#start}, {@link
 * PostgresServer#start}, {@link KafkaBroker#start}).
 */
public final class Services {

    private static final Lazy<ServiceMode> MODE =
            new Lazy<>(
                    () ->
                            ServiceMode.choose(
                                    System.getProperty(ServiceMode.PROPERTY),
                                    () -> DockerClientFactory.instance().isDockerAvailable()));
    private static final Lazy<KafkaBroker> KAFKA =
            new Lazy<>(
                    () ->
                            closedAtExit(
                                    mode() == ServiceMode.EMBEDDED
                                            ? new EmbeddedKafka()
                                            : new ContainerKafka()));
    private static final Lazy<RedisServer> REDIS =
            new Lazy<>(
                    () ->
                            closedAtExit(
                                    mode() == ServiceMode.EMBEDDED
                                            ? RedisProcess.inTemporaryFolder()
                                            : new ContainerRedis()));
    private static final Lazy<PostgresServer> POSTGRES =
            new Lazy<>(
                    () ->
                            closedAtExit(
                                    mode() == ServiceMode.EMBEDDED
                                            ? PostgresProcess.inTemporaryFolder()
                                            : new ContainerPostgres()));

    private Services() {}

    /** Where this JVM's shared servers come from. */
    public static ServiceMode mode() {
        return MODE.get();
    }

    /** The shared broker. */
    public static KafkaBroker kafka() {
        return KAFKA.get();
    }

    /** The shared Redis. */
    public static RedisServer redis() {
        return REDIS.get();
    }

    /** The shared PostgreSQL. */
    public static PostgresServer postgres() {
        return POSTGRES.get();
    }

    private static <S extends TestService> S closedAtExit(S service) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(service::close, "close-" + service.getClass().getSimpleName()));
        return service;
    }

    /** Made at the first use; a failure is not remembered as a value. */
    private static final class Lazy<T> {
        private final Supplier<T> maker;
        private @Nullable T value;

        Lazy(Supplier<T> maker) {
            this.maker = maker;
        }

        synchronized T get() {
            T made = value;
            if (made == null) {
                made = maker.get();
                value = made;
            }
            return made;
        }
    }
}
