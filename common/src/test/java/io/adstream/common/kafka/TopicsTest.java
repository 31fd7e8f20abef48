package io.adstream.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.adstream.common.config.ConfigException;
import io.adstream.testing.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {

    private static final Topics TOPICS = Topics.load(ProjectRoot.resolve("conf/topics.yaml"));

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "ad-events, 12, 7",
        "commerce-events, 12, 7",
        "performance-metrics, 6, 30",
        "budget-management, 3, 7",
        "quality-score-updates, 3, 14",
        "alerts, 3, 14",
        "user-signals, 6, 7",
        "ad-events.dlq, 3, 14",
        "commerce-events.dlq, 3, 14",
        "control.dlq, 3, 14"
    })
    void aTopicHasThePartitionsAndTheRetentionOfTheContract(String name, int partitions, int days) {
        TopicSpec topic = TOPICS.get(name);

        assertThat(topic.partitions()).isEqualTo(partitions);
        assertThat(topic.retention()).isEqualTo(Duration.ofDays(days));
        assertThat(topic.compacted()).isFalse();
        assertThat(topic.brokerConfig(2))
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", String.valueOf(Duration.ofDays(days).toMillis()))
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("message.timestamp.type", "LogAppendTime");
    }

    @Test
    void theControlTopicIsCompacted() {
        TopicSpec control = TOPICS.get(Topics.CONTROL);

        assertThat(control.partitions()).isEqualTo(1);
        assertThat(control.compacted()).isTrue();
        assertThat(control.brokerConfig(1))
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKey("retention.ms");
    }

    @Test
    void theFileDeclaresExactlyTheTopicsThatTheCodeKnows() {
        List<String> known =
                Stream.concat(
                                Topics.NAMES.stream(),
                                Topics.WITH_DEAD_LETTERS.stream().map(Topics::deadLetters))
                        .toList();

        assertThat(TOPICS.all()).extracting(TopicSpec::name).containsExactlyElementsOf(known);
    }

    @Test
    void aDeadLetterTopicTakesTheLargestRecordOfItsSourceAndTheHeaders() {
        for (String source : Topics.WITH_DEAD_LETTERS) {
            TopicSpec deadLetters = TOPICS.get(Topics.deadLetters(source));
            assertThat(TOPICS.get(source).maxMessageBytes()).isEqualTo(Topics.MAX_MESSAGE_BYTES);
            assertThat(deadLetters.maxMessageBytes())
                    .isEqualTo(Topics.DEAD_LETTER_MAX_MESSAGE_BYTES)
                    .isEqualTo(Topics.MAX_MESSAGE_BYTES + 64 * 1024);
            assertThat(deadLetters.owner()).isNotBlank().doesNotContain(",");
        }
    }

    @Test
    void replicasAreThreeAndOneBrokerNeedsOneInSync() {
        assertThat(TOPICS.replication()).isEqualTo(3);
        assertThat(TOPICS.minInsyncReplicas(3)).isEqualTo(2);
        assertThat(TOPICS.minInsyncReplicas(1)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitions: 3, retention: 7 d, key: k, content: c, owner: o | topic t: max-message-bytes is null",
                "partitions: 0, retention: 7 d | topic t: partitions is 0, allowed is a positive integer",
                "partitions: 3, retention: soon, key: k, content: c, owner: o, max-message-bytes: 9 | topic t: retention is soon",
                "partitions: 3, cleanup: delete, key: k, content: c, owner: o, max-message-bytes: 9 | give either a retention",
                "partitions: 3, retentoin: 7 d | topic t: unknown key retentoin",
                "partitions: 3, retention: 7 d | topic t: key is missing",
            })
    void aWrongDeclarationIsRefusedWithItsPlace(String topic, String problem) throws IOException {
        Path file =
                write("replication: 1\nmin-insync-replicas: 1\ntopics:\n  t: {" + topic + "}\n");

        assertThatThrownBy(() -> Topics.load(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void aFileThatIsNoDeclarationIsRefused() throws IOException {
        Path missing = directory.resolve("missing.yaml");
        Path broken = write("topics: [");
        Path text = write("topics: none\n");

        for (Path file : List.of(missing, broken, text)) {
            assertThatThrownBy(() -> Topics.load(file)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> TOPICS.get("unknown"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown");
    }

    @Test
    void differencesSayWhatToDo() {
        assertThat(TopicDifference.missing("t").describe())
                .isEqualTo("t does not exist; topics apply creates it");
        assertThat(TopicDifference.partitions("t", 12, 3).describe())
                .contains("has 3 partitions, declared are 12", "topics apply adds them");
        assertThat(TopicDifference.partitions("t", 3, 12).isApplied()).isFalse();
        assertThat(TopicDifference.partitions("t", 3, 12).describe())
                .contains("Kafka cannot remove partitions");
        assertThat(TopicDifference.replication("t", 3, 1).describe())
                .contains("kafka-reassign-partitions");
        assertThat(TopicDifference.setting("t", "retention.ms", "1", null).describe())
                .isEqualTo("t has retention.ms=null, declared is 1; topics apply sets it");
    }

    @Test
    void settingsSharedByAllTopicsReachEachOfThem() {
        assertThat(TOPICS.all())
                .allSatisfy(
                        topic ->
                                assertThat(topic.config())
                                        .isEqualTo(
                                                Map.of("message.timestamp.type", "LogAppendTime")));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "topics", ".yaml"), text);
    }
}
