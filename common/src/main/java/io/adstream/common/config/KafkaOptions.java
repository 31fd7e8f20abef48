package io.adstream.common.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** Where Kafka is and how topics are read and written. */
public final class KafkaOptions {

    public static final OptionSet OPTIONS =
            OptionSet.named("Kafka", "The Kafka that input comes from and records go to.");

    public static final ConfigOption<String> BOOTSTRAP_SERVERS =
            OPTIONS.hostPorts("kafka.bootstrap-servers")
                    .defaultTo("localhost:9092")
                    .describedAs("Brokers to begin with.");

    public static final ConfigOption<String> GROUP_ID =
            OPTIONS.string("kafka.group-id")
                    .defaultPerJob("adstream-{job}")
                    .describedAs(
                            "Consumer group. Offsets are committed to it for monitoring; a job"
                                    + " continues from its checkpoint, not from the group.");

    public static final ConfigOption<String> TOPIC_PREFIX =
            OPTIONS.string("kafka.topic-prefix")
                    .defaultTo("")
                    .where(
                            value -> value.matches("[A-Za-z0-9._-]{0,100}"),
                            "at most 100 letters, digits, dots, underscores and dashes, or nothing")
                    .describedAs(
                            "Text before every topic name, for several installations on one Kafka.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
            OPTIONS.duration("kafka.transaction-timeout")
                    .defaultTo(Duration.ofHours(1))
                    .between(Duration.ofMinutes(15), Duration.ofDays(1))
                    .describedAs(
                            "After how long the broker aborts an open transaction. An outage that"
                                    + " lasts longer loses records of the topic, so it is longer"
                                    + " than the 10 min that jobs wait for; the broker's"
                                    + " transaction.max.timeout.ms must be at least this.");

    public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
            OPTIONS.string("kafka.transactional-id-prefix")
                    .defaultPerJob("adstream-{job}")
                    .where(
                            value -> value.matches("[A-Za-z0-9._-]{1,200}"),
                            "1 to 200 letters, digits, dots, underscores and dashes")
                    .describedAs(
                            "Beginning of the ids of the job's transactions. Unique per installed"
                                    + " job, and the same after every restart.");

    private static final Map<String, ConfigDef.ConfigKey> KAFKA_KEYS = kafkaKeys();

    /** Client properties of Kafka, for consumers and producers alike. */
    public static final PassThrough PROPERTIES =
            OPTIONS.passThrough(
                    new PassThrough(
                            "kafka.properties.",
                            "Client properties of Kafka, such as `kafka.properties.security.protocol`."
                                    + " Each goes to the consumers and producers that know it.",
                            names(),
                            Set.of(),
                            reserved(),
                            secrets(),
                            KafkaOptions::check));

    private KafkaOptions() {}

    private static Map<String, ConfigDef.ConfigKey> kafkaKeys() {
        Map<String, ConfigDef.ConfigKey> keys =
                new HashMap<>(ProducerConfig.configDef().configKeys());
        keys.putAll(ConsumerConfig.configDef().configKeys());
        return keys;
    }

    private static Set<String> names() {
        Set<String> names = new HashSet<>(KAFKA_KEYS.keySet());
        names.add(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key());
        return names;
    }

    private static Map<String, String> reserved() {
        Map<String, String> reserved = new HashMap<>();
        reserved.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "set kafka.bootstrap-servers");
        reserved.put(ConsumerConfig.GROUP_ID_CONFIG, "set kafka.group-id");
        reserved.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "set kafka.transaction-timeout");
        reserved.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "set kafka.transactional-id-prefix");
        for (String key :
                Set.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                        ProducerConfig.ACKS_CONFIG,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG)) {
            reserved.put(key, "exactly-once results depend on it, so leave it out");
        }
        return reserved;
    }

    private static Set<String> secrets() {
        Set<String> secrets = new HashSet<>();
        KAFKA_KEYS.forEach(
                (name, key) -> {
                    if (key.type == ConfigDef.Type.PASSWORD) {
                        secrets.add(name);
                    }
                });
        return secrets;
    }

    private static @Nullable String check(String name, String value) {
        ConfigDef.ConfigKey key = KAFKA_KEYS.get(name);
        if (key == null) {
            return value.matches("-?[0-9]{1,18}") ? null : "an integer (milliseconds)";
        }
        try {
            Object parsed = ConfigDef.parseType(name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(name, parsed);
            }
            return null;
        } catch (org.apache.kafka.common.config.ConfigException e) {
            return "a value of Kafka's type "
                    + key.type.name().toLowerCase(java.util.Locale.ROOT)
                    + (key.validator == null ? "" : ": " + key.validator);
        }
    }
}
