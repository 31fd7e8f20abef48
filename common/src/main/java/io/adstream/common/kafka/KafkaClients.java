package io.adstream.common.kafka;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The user's client properties ({@code kafka.properties.*}), to each client those it knows. */
public final class KafkaClients {

    /** How long a client of a job keeps trying: longer than any outage that is waited for. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    private KafkaClients() {}

    /** The user's properties for a consumer; secrets included. */
    static Properties consumer(JobSettings settings) {
        Properties properties = patient();
        properties.putAll(known(settings, ConsumerConfig.configNames()));
        String discovery = KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key();
        String value = settings.passedThrough(KafkaOptions.PROPERTIES).get(discovery);
        if (value != null) {
            properties.setProperty(discovery, value);
        }
        return properties;
    }

    /** The user's properties for a producer; secrets included. */
    static Properties producer(JobSettings settings) {
        Properties properties = patient();
        properties.putAll(known(settings, ProducerConfig.configNames()));
        // No name of a producer's, but the sink looks for open transactions with an admin client
        // that takes the producer's properties.
        properties.putAll(known(settings, Set.of(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)));
        return properties;
    }

    /** The user's properties and the brokers for an admin client; secrets included. */
    public static Properties admin(JobSettings settings) {
        Properties properties = known(settings, AdminClientConfig.configNames());
        properties.setProperty(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                settings.get(KafkaOptions.BOOTSTRAP_SERVERS));
        return properties;
    }

    /** As {@link #admin}, for a client that an outage must not fail. */
    static Properties patientAdmin(JobSettings settings) {
        Properties properties = patient();
        properties.putAll(admin(settings));
        return properties;
    }

    /**
     * What keeps an outage from failing the job: a source looks for new partitions with an admin
     * client that takes the consumer's properties, and one look-up that fails fails the job.
     */
    private static Properties patient() {
        Properties properties = new Properties();
        properties.setProperty(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                String.valueOf(PATIENCE.toMillis()));
        return properties;
    }

    private static Properties known(JobSettings settings, Set<String> names) {
        Properties properties = new Properties();
        settings.passedThrough(KafkaOptions.PROPERTIES)
                .forEach(
                        (name, value) -> {
                            if (names.contains(name)) {
                                properties.setProperty(name, value);
                            }
                        });
        return properties;
    }
}
