package io.adstream.local.service;

import io.adstream.local.CommandFailure;
import io.adstream.local.install.Installation;
import io.adstream.local.process.ProcessSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/** Kafka's own broker, which is its own KRaft controller. Topics are never made by themselves. */
public final class KafkaService implements Service {

    public static final String NAME = "kafka";

    private final Installation installation;
    private final Path folder;
    private final Path run;
    private final Path log;
    private final Path output;
    private final int port;
    private final int controllerPort;

    /**
     * @param folder the folder for its log segments
     * @param run the folder for files written anew at each start
     * @param log the file that takes its log
     * @param output the file that takes what it prints
     */
    public KafkaService(
            Installation installation,
            Path folder,
            Path run,
            Path log,
            Path output,
            int port,
            int controllerPort) {
        this.installation = installation;
        this.folder = folder;
        this.run = run;
        this.log = log;
        this.output = output;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void prepare() {
        ServiceFile.write(properties(), String.join("\n", settings()) + "\n");
        ServiceFile.writeResource(logging(), "log4j2.properties");
        if (!Files.exists(folder.resolve("meta.properties"))) {
            format();
        }
    }

    @Override
    public ProcessSpec process(int attempt) {
        return new ProcessSpec(
                NAME,
                List.of(
                        Installation.java(),
                        "-Xms128m",
                        "-Xmx512m",
                        "-XX:+UseG1GC",
                        "-XX:MaxGCPauseMillis=50",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dlog.file=" + log,
                        "-Dlog4j.configurationFile=" + logging().toUri(),
                        "-cp",
                        installation.kafkaClassPath(),
                        "kafka.Kafka",
                        properties().toString()),
                Map.of(),
                output,
                log);
    }

    @Override
    public boolean answers() {
        Properties client = new Properties();
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address());
        client.setProperty(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "100");
        try (Admin admin = Admin.create(client)) {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Path properties() {
        return run.resolve("kafka.properties");
    }

    private Path logging() {
        return run.resolve("kafka-log4j2.properties");
    }

    private List<String> settings() {
        return List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "controller.listener.names=CONTROLLER",
                "listeners=BROKER://127.0.0.1:"
                        + port
                        + ",CONTROLLER://127.0.0.1:"
                        + controllerPort,
                "advertised.listeners=BROKER://127.0.0.1:" + port,
                "listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name=BROKER",
                // A properties file takes a backslash for an escape.
                "log.dirs=" + folder.toString().replace("\\", "\\\\"),
                "auto.create.topics.enable=false",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=8",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=8",
                "transaction.max.timeout.ms=3600000",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "log.cleaner.dedupe.buffer.size=2097152",
                "message.max.bytes=1114112",
                "replica.fetch.max.bytes=1114112");
    }

    private void format() {
        try {
            Files.createDirectories(folder);
            Process process =
                    new ProcessBuilder(
                                    Installation.java(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    installation.kafkaClassPath(),
                                    "kafka.tools.StorageTool",
                                    "format",
                                    "--cluster-id",
                                    Uuid.randomUuid().toString(),
                                    "--config",
                                    properties().toString())
                            .redirectErrorStream(true)
                            .start();
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                Files.writeString(output, printed);
                throw new CommandFailure(
                        "Kafka's storage cannot be formatted; what its tool said is in "
                                + output
                                + ".");
            }
        } catch (IOException e) {
            throw new CommandFailure("Kafka's storage cannot be formatted: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while Kafka was being set up", e);
        }
    }
}
