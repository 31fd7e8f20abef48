package io.adstream.bench;

import java.util.Map;
import java.util.TreeMap;

/** The Kafka consumer of every candidate, as the product sets its own. */
final class ConsumerSettings {

    private ConsumerSettings() {}

    static Map<String, String> of(CandidateSettings settings, String group) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("bootstrap.servers", settings.bootstrapServers());
        properties.put("group.id", group);
        properties.put("fetch.max.wait.ms", "20");
        properties.put("fetch.min.bytes", "1048576");
        properties.put("max.poll.records", "1000");
        properties.put("max.partition.fetch.bytes", "8388608");
        properties.put("receive.buffer.bytes", "-1");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        return properties;
    }
}
