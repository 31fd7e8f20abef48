package io.adstream.testing.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;

/** Kafka's own broker and controller in this JVM. */
final class EmbeddedKafka extends KafkaBroker {

    private final Path folder = ServiceFiles.temporaryFolder("kafka");
    private final int port = ServiceFiles.freePort();
    private final KafkaRaftServer server;
    private boolean closed;

    EmbeddedKafka() {
        Path file = KafkaStorage.format(folder, properties(port, ServiceFiles.freePort(), folder));
        try {
            Properties properties = Utils.loadProps(file.toString());
            server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        server.startup();
    }

    @Override
    public String bootstrapServers() {
        return host() + ":" + port;
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            closeClients();
            server.shutdown();
            server.awaitShutdown();
            ServiceFiles.deleteFolder(folder);
        }
    }
}
