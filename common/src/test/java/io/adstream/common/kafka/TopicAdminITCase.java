package io.adstream.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.ConfigException;
import io.adstream.testing.ProjectRoot;
import io.adstream.testing.services.KafkaBroker;
import io.adstream.testing.services.ServicesExtension;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ServicesExtension.class)
class TopicAdminITCase {

    private static final Topics TOPICS = Topics.load(ProjectRoot.resolve("conf/topics.yaml"));

    @Test
    void createsWhatIsMissingAndThenFindsNothing(KafkaBroker kafka) {
        try (TopicAdmin admin = TopicAdmin.connect(client(kafka.bootstrapServers()), "create-")) {
            assertThat(admin.check(TOPICS, 1))
                    .hasSize(TOPICS.all().size())
                    .allMatch(difference -> difference.kind() == TopicDifference.Kind.MISSING);
            assertThat(kafka.topicNames()).noneMatch(name -> name.startsWith("create-"));

            assertThat(admin.apply(TOPICS, 1)).hasSize(TOPICS.all().size());

            assertThat(admin.check(TOPICS, 1)).isEmpty();
            assertThat(admin.apply(TOPICS, 1)).isEmpty();
            assertThat(kafka.topicNames())
                    .containsAll(
                            TOPICS.all().stream()
                                    .map(topic -> "create-" + topic.name())
                                    .collect(Collectors.toSet()));
        }
    }

    @Test
    void altersWhatDiffersAndLeavesWhatWouldLoseRecords(KafkaBroker kafka) {
        try (TopicAdmin admin = TopicAdmin.connect(client(kafka.bootstrapServers()), "alter-")) {
            kafka.createTopicNamed(
                    "alter-ad-events", 3, Map.of("retention.ms", "1000", "segment.ms", "60000"));
            kafka.createTopicNamed("alter-alerts", 5, Map.of());
            admin.apply(TOPICS, 1);

            List<TopicDifference> left = admin.check(TOPICS, 1);
            assertThat(left).containsExactly(TopicDifference.partitions("alter-alerts", 3, 5));
            assertThat(left.get(0).isApplied()).isFalse();

            assertThat(admin.check(TOPICS, 3))
                    .filteredOn(d -> d.kind() == TopicDifference.Kind.REPLICATION)
                    .hasSize(TOPICS.all().size())
                    .noneMatch(TopicDifference::isApplied);
        }
    }

    @Test
    void namesEachSettingThatDiffers(KafkaBroker kafka) {
        try (TopicAdmin admin = TopicAdmin.connect(client(kafka.bootstrapServers()), "differ-")) {
            admin.apply(TOPICS, 1);
            kafka.createTopicNamed("differ-unrelated", 1, Map.of());
            assertThat(admin.check(TOPICS, 2))
                    .contains(
                            TopicDifference.setting(
                                    "differ-control", "min.insync.replicas", "2", "1"));
        }
    }

    @Test
    void aBrokerThatIsAwayIsSaidSo() {
        Properties client = client("localhost:1");
        client.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "1500");
        client.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "1000");
        try (TopicAdmin admin = TopicAdmin.connect(client, "")) {
            assertThatThrownBy(() -> admin.check(TOPICS, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "Kafka at localhost:1 did not answer in time; check that the broker runs"
                                    + " and that the address is right");
        }
        assertThatThrownBy(() -> TopicAdmin.connect(client("no-such-host.invalid:1"), ""))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("No connection to Kafka at no-such-host.invalid:1");
    }

    private static Properties client(String servers) {
        Properties client = new Properties();
        client.setProperty(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        return client;
    }
}
