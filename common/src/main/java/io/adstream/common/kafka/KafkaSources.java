package io.adstream.common.kafka;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Sources that read a topic as every job reads it. */
public final class KafkaSources {

    /** How long a broker collects records for a fetch, for jobs that do not hurry. */
    public static final Duration FETCH_WAIT = Duration.ofMillis(100);

    /** The same for jobs whose results must be out at once: live metrics, pauses, alerts. */
    public static final Duration SHORT_FETCH_WAIT = Duration.ofMillis(20);

    private KafkaSources() {}

    /**
     * A source of one topic. Without state it starts at the earliest offset; with state where the
     * checkpoint says. Only committed records are read. New partitions are found within a minute.
     *
     * @param topic the topic's name as in {@link Topics}, without the installation's prefix
     * @param fetchWait how long a broker may collect records before it answers a fetch
     */
    public static <T> KafkaSource<T> of(
            JobSettings settings,
            String topic,
            Duration fetchWait,
            KafkaRecordDeserializationSchema<T> deserializer) {
        String name = settings.get(KafkaOptions.TOPIC_PREFIX) + topic;
        return KafkaSource.<T>builder()
                .setProperties(consumerProperties(settings, fetchWait))
                .setBootstrapServers(settings.get(KafkaOptions.BOOTSTRAP_SERVERS))
                .setGroupId(settings.get(KafkaOptions.GROUP_ID))
                .setClientIdPrefix(settings.get(KafkaOptions.GROUP_ID) + "-" + topic)
                .setTopics(name)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(deserializer)
                .build();
    }

    /** What a consumer of the job is set to, apart from addresses and names. */
    static Properties consumerProperties(JobSettings settings, Duration fetchWait) {
        Properties properties = new Properties();
        properties.setProperty(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, String.valueOf(fetchWait.toMillis()));
        properties.setProperty(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "1048576");
        properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000");
        // Up to 8 MiB of a partition at once, so that a backlog is read in few large fetches.
        properties.setProperty(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "8388608");
        // The system's own choice: Linux grows such a buffer to some MB, but caps one that is asked
        // for at net.core.rmem_max, which is 208 KiB unless raised.
        properties.setProperty(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "-1");
        properties.setProperty(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "60000");
        properties.putAll(KafkaClients.consumer(settings));
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "true");
        return properties;
    }
}
