package io.adstream.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.JobSettings;
import io.adstream.common.config.KafkaOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ClientPropertiesTest {

    @Test
    void consumersReadCommittedRecordsInFetchesOfAMebibyte() {
        Properties consumer =
                KafkaSources.consumerProperties(settings(Map.of()), KafkaSources.FETCH_WAIT);

        assertThat(consumer)
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", "false")
                .containsEntry("max.poll.records", "1000")
                .containsEntry("fetch.min.bytes", "1048576")
                .containsEntry("fetch.max.wait.ms", "100")
                .containsEntry("max.partition.fetch.bytes", "8388608")
                .containsEntry("receive.buffer.bytes", "-1")
                .containsEntry("commit.offsets.on.checkpoint", "true");
        assertThat(
                        KafkaSources.consumerProperties(
                                settings(Map.of()), KafkaSources.SHORT_FETCH_WAIT))
                .containsEntry("fetch.max.wait.ms", "20");
    }

    @Test
    void producersWaitLongerThanAnyOutageThatIsWaitedFor() {
        Properties producer =
                KafkaSinks.producerProperties(
                        settings(Map.of()), Topics.DEAD_LETTER_MAX_MESSAGE_BYTES);

        assertThat(producer)
                .containsEntry("acks", "all")
                .containsEntry("compression.type", "lz4")
                .containsEntry("transaction.timeout.ms", "3600000")
                .containsEntry("max.request.size", String.valueOf((1 << 20) + (64 << 10)));
        assertThat(Duration.ofMillis(Long.parseLong(producer.getProperty("delivery.timeout.ms"))))
                .isGreaterThan(Duration.ofMinutes(10))
                .isLessThan(Duration.ofHours(1));
    }

    /** The admin clients of source and sink are made with these properties. */
    @Test
    void lookUpsWaitLongerThanAnyOutageThatIsWaitedFor() {
        for (Properties properties :
                List.of(
                        KafkaSources.consumerProperties(
                                settings(Map.of()), KafkaSources.FETCH_WAIT),
                        KafkaSinks.producerProperties(settings(Map.of()), 100))) {
            assertThat(
                            Duration.ofMillis(
                                    Long.parseLong(
                                            properties.getProperty("default.api.timeout.ms"))))
                    .isGreaterThan(Duration.ofMinutes(10));
        }
        JobSettings own = settings(Map.of("kafka.properties.default.api.timeout.ms", "1234"));
        assertThat(KafkaSources.consumerProperties(own, KafkaSources.FETCH_WAIT))
                .containsEntry("default.api.timeout.ms", "1234");
        assertThat(KafkaSinks.producerProperties(own, 100))
                .containsEntry("default.api.timeout.ms", "1234");
    }

    @Test
    void aTransactionOutlivesAnyOutageThatIsWaitedFor() {
        assertThatThrownBy(() -> settings(Map.of("kafka.transaction-timeout", "14 min")))
                .hasMessageContaining("kafka.transaction-timeout")
                .hasMessageContaining("15 min");
        assertThat(
                        settings(Map.of("kafka.transaction-timeout", "15 min"))
                                .get(KafkaOptions.TRANSACTION_TIMEOUT))
                .isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void theUsersPropertiesGoToTheClientsThatKnowThem() {
        JobSettings settings =
                settings(
                        Map.of(
                                "kafka.properties.security.protocol", "SSL",
                                "kafka.properties.max.poll.records", "5",
                                "kafka.properties.partition.discovery.interval.ms", "1000",
                                "kafka.properties.linger.ms", "7",
                                "kafka.transaction-timeout", "30 min"));

        assertThat(KafkaSources.consumerProperties(settings, KafkaSources.FETCH_WAIT))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("max.poll.records", "5")
                .containsEntry("partition.discovery.interval.ms", "1000")
                .doesNotContainKey("linger.ms");
        assertThat(KafkaSinks.producerProperties(settings, 100))
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "7")
                .containsEntry("transaction.timeout.ms", "1800000")
                .doesNotContainKeys("max.poll.records", "partition.discovery.interval.ms");
        assertThat(KafkaClients.admin(settings))
                .containsOnly(
                        Map.entry("bootstrap.servers", "localhost:9092"),
                        Map.entry("security.protocol", "SSL"));
    }

    private static JobSettings settings(Map<String, String> given) {
        return JobSettings.of("metrics", given, KafkaOptions.OPTIONS);
    }
}
