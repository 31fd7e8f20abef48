package io.adstream.common.kafka;

import io.adstream.common.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The topics: their names for the code, and their declaration in {@code conf/topics.yaml}. */
public final class Topics {

    public static final String AD_EVENTS = "ad-events";
    public static final String COMMERCE_EVENTS = "commerce-events";
    public static final String PERFORMANCE_METRICS = "performance-metrics";
    public static final String BUDGET_MANAGEMENT = "budget-management";
    public static final String QUALITY_SCORE_UPDATES = "quality-score-updates";
    public static final String ALERTS = "alerts";
    public static final String USER_SIGNALS = "user-signals";
    public static final String CONTROL = "control";

    /** Every topic that is not a dead-letter topic. */
    public static final List<String> NAMES =
            List.of(
                    AD_EVENTS,
                    COMMERCE_EVENTS,
                    PERFORMANCE_METRICS,
                    BUDGET_MANAGEMENT,
                    QUALITY_SCORE_UPDATES,
                    ALERTS,
                    USER_SIGNALS,
                    CONTROL);

    /** Input topics whose rejected records go to a dead-letter topic. */
    public static final List<String> WITH_DEAD_LETTERS =
            List.of(AD_EVENTS, COMMERCE_EVENTS, CONTROL);

    /** The largest record batch of every topic but the dead-letter topics. */
    public static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** The same of a dead-letter topic: room for the headers that say why. */
    public static final int DEAD_LETTER_MAX_MESSAGE_BYTES = MAX_MESSAGE_BYTES + (64 << 10);

    private static final String DEAD_LETTER_SUFFIX = ".dlq";
    private static final Set<String> ROOT_KEYS =
            Set.of("replication", "min-insync-replicas", "config", "topics");
    private static final Set<String> TOPIC_KEYS =
            Set.of(
                    "partitions",
                    "retention",
                    "cleanup",
                    "key",
                    "content",
                    "owner",
                    "readers",
                    "max-message-bytes");

    private final Map<String, TopicSpec> byName;
    private final int replication;
    private final int minInsyncReplicas;

    private Topics(Map<String, TopicSpec> byName, int replication, int minInsyncReplicas) {
        this.byName = byName;
        this.replication = replication;
        this.minInsyncReplicas = minInsyncReplicas;
    }

    /** Name of the topic that takes the rejected records of a topic. */
    public static String deadLetters(String topic) {
        return topic + DEAD_LETTER_SUFFIX;
    }

    /**
     * Reads a declaration of topics.
     *
     * @throws ConfigException where the file cannot be read or does not declare topics rightly
     */
    public static Topics load(Path file) {
        return new Declaration(file).topics();
    }

    /** All topics, in the order of the file. */
    public Collection<TopicSpec> all() {
        return byName.values();
    }

    /**
     * The topic of this name.
     *
     * @throws IllegalArgumentException where the file declares none
     */
    public TopicSpec get(String name) {
        TopicSpec spec = byName.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("no such topic: " + name);
        }
        return spec;
    }

    /** Number of replicas of each partition in production. */
    public int replication() {
        return replication;
    }

    /**
     * How many replicas must have a record before it counts as written.
     *
     * @param replication the number of replicas in force; with one, one is enough
     */
    public int minInsyncReplicas(int replication) {
        return Math.min(minInsyncReplicas, replication);
    }

    /** Reads the file; every complaint names it and the place in it. */
    private static final class Declaration {

        private final Path file;

        Declaration(Path file) {
            this.file = file;
        }

        Topics topics() {
            Map<?, ?> root = mapping(parse(), "the file");
            only(root, ROOT_KEYS, "the file");
            Map<String, String> config = new LinkedHashMap<>();
            if (root.get("config") != null) {
                mapping(root.get("config"), "config")
                        .forEach((key, value) -> config.put(text(key), text(value)));
            }
            Map<String, TopicSpec> byName = new LinkedHashMap<>();
            mapping(root.get("topics"), "topics")
                    .forEach(
                            (name, node) ->
                                    byName.put(text(name), topic(text(name), node, config)));
            return new Topics(
                    Collections.unmodifiableMap(byName),
                    integer(root, "replication", "the file"),
                    integer(root, "min-insync-replicas", "the file"));
        }

        private Object parse() {
            try {
                return new Load(LoadSettings.builder().setLabel(file.toString()).build())
                        .loadFromString(Files.readString(file, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new ConfigException("The topics file " + file + " cannot be read", e);
            } catch (YamlEngineException e) {
                throw new ConfigException(
                        "The topics file " + file + " is no valid YAML: " + e.getMessage(), e);
            }
        }

        private TopicSpec topic(String name, Object node, Map<String, String> config) {
            String where = "topic " + name;
            if (!name.matches("[a-z0-9.-]{1,200}")) {
                throw wrong(where, "names have 1 to 200 lower-case letters, digits, dots, dashes");
            }
            Map<?, ?> topic = mapping(node, where);
            only(topic, TOPIC_KEYS, where);
            List<String> readers = new ArrayList<>();
            if (topic.get("readers") instanceof List<?> list) {
                list.forEach(reader -> readers.add(text(reader)));
            }
            return new TopicSpec(
                    name,
                    integer(topic, "partitions", where),
                    retention(topic, where),
                    string(topic, "key", where),
                    string(topic, "content", where),
                    string(topic, "owner", where),
                    readers,
                    integer(topic, "max-message-bytes", where),
                    config);
        }

        private @Nullable Duration retention(Map<?, ?> topic, String where) {
            Object cleanup = topic.get("cleanup");
            Object retention = topic.get("retention");
            if ("compact".equals(cleanup) && retention == null) {
                return null;
            }
            if (cleanup != null || retention == null) {
                throw wrong(where, "give either a retention such as 7 d, or cleanup: compact");
            }
            try {
                return TimeUtils.parseDuration(text(retention));
            } catch (IllegalArgumentException e) {
                throw wrong(
                        where, "retention is " + retention + ", allowed is a duration such as 7 d");
            }
        }

        private String string(Map<?, ?> node, String key, String where) {
            Object value = node.get(key);
            if (value == null) {
                throw wrong(where, key + " is missing");
            }
            return text(value);
        }

        private int integer(Map<?, ?> node, String key, String where) {
            if (node.get(key) instanceof Integer value && value > 0) {
                return value;
            }
            throw wrong(where, key + " is " + node.get(key) + ", allowed is a positive integer");
        }

        private Map<?, ?> mapping(@Nullable Object node, String where) {
            if (node instanceof Map<?, ?> map) {
                return map;
            }
            throw wrong(where, "keys with values are expected");
        }

        private void only(Map<?, ?> node, Set<String> allowed, String where) {
            for (Object key : node.keySet()) {
                if (!allowed.contains(text(key))) {
                    throw wrong(where, "unknown key " + key);
                }
            }
        }

        private static String text(Object value) {
            return String.valueOf(value);
        }

        private ConfigException wrong(String where, String what) {
            return new ConfigException(
                    "The topics file " + file + " is wrong: " + where + ": " + what);
        }
    }
}
