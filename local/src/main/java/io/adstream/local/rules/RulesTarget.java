package io.adstream.local.rules;

import io.adstream.common.kafka.Topics;
import io.adstream.local.CommandFailure;
import io.adstream.local.DataDirOption;
import io.adstream.local.HelpOption;
import io.adstream.local.system.Endpoints;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the rules are. */
final class RulesTarget {

    @Mixin HelpOption help;
    @Mixin private DataDirOption dataDir;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Another Kafka (default: that of the running system).")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--topic-prefix",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Text before every topic's name (kafka.topic-prefix).")
    private String prefix = "";

    @Option(
            names = "--client-config",
            paramLabel = "FILE",
            description = "Properties of the Kafka client, for TLS and SASL.")
    private @Nullable Path clientConfig;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    RulesTopic topic() {
        Properties properties = new Properties();
        if (clientConfig != null) {
            try (Reader reader = Files.newBufferedReader(clientConfig)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new CommandFailure(clientConfig + " cannot be read: " + e.getMessage(), e);
            }
        }
        properties.setProperty(
                "bootstrap.servers",
                bootstrapServers == null
                        ? Endpoints.ofRunning(dataDir.dataDir()).kafka()
                        : bootstrapServers);
        return new RulesTopic(properties, prefix + Topics.CONTROL);
    }
}
