package io.adstream.local.traffic;

import io.adstream.local.DataDirOption;
import io.adstream.local.system.Endpoints;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which services are meant: those of the running system unless named. */
final class ServiceOptions {

    private static final String DEFAULT_KAFKA = "localhost:9092";

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka (default: of the running system, else localhost:9092).")
    @Nullable String bootstrapServers;

    @Option(
            names = "--redis",
            paramLabel = "HOST:PORT",
            description = "Redis of the ad server (default: of the running system).")
    @Nullable String redis;

    @Option(
            names = "--postgres",
            paramLabel = "JDBC-URL",
            description =
                    "PostgreSQL for campaigns and the metrics job's watermark (default: of the"
                            + " running system).")
    @Nullable String postgres;

    @Mixin DataDirOption dataDir = new DataDirOption();

    /** Kafka's bootstrap servers. */
    String kafkaAddress() {
        if (bootstrapServers != null) {
            return bootstrapServers;
        }
        return running().map(Endpoints::kafka).orElse(DEFAULT_KAFKA);
    }

    /** Redis of the ad server as HOST:PORT; null where there is none. */
    @Nullable String redisAddress() {
        return redis != null ? redis : running().map(Endpoints::redis).orElse(null);
    }

    /** PostgreSQL with user and password; null where there is none. */
    @Nullable String postgresUrl() {
        return postgres != null
                ? postgres
                : running().map(Endpoints::postgresUrlWithPassword).orElse(null);
    }

    /** The running system's services; none where another Kafka is meant, whose they are not. */
    private Optional<Endpoints> running() {
        return bootstrapServers != null
                ? Optional.empty()
                : Endpoints.findRunning(dataDir.dataDir());
    }
}
