package io.adstream.common.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * A topic as {@code conf/topics.yaml} declares it.
 *
 * @param name its name, without the installation's prefix
 * @param partitions number of partitions
 * @param retention how long records are kept; null where the topic is compacted
 * @param key what the record key is, for people
 * @param content what the records are, for people
 * @param owner who writes it, for people
 * @param readers short names of the jobs that read it
 * @param maxMessageBytes the largest record batch that the broker takes
 * @param config broker settings that all topics share
 */
public record TopicSpec(
        String name,
        int partitions,
        @Nullable Duration retention,
        String key,
        String content,
        String owner,
        List<String> readers,
        int maxMessageBytes,
        Map<String, String> config) {

    public TopicSpec {
        readers = List.copyOf(readers);
        config = Map.copyOf(config);
    }

    /** Whether the newest record per key is kept for good instead of all records for a time. */
    public boolean compacted() {
        return retention == null;
    }

    /**
     * The broker's settings for the topic.
     *
     * @param minInsyncReplicas how many replicas must have a record before it counts as written
     */
    public Map<String, String> brokerConfig(int minInsyncReplicas) {
        Map<String, String> all = new TreeMap<>(config);
        all.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(maxMessageBytes));
        all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(minInsyncReplicas));
        if (retention == null) {
            all.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        } else {
            all.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            all.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(retention.toMillis()));
        }
        return all;
    }
}
