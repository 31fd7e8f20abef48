package io.adstream.common.kafka;

import org.jspecify.annotations.Nullable;

/**
 * One way in which a topic is not as declared.
 *
 * @param topic the topic's full name
 * @param kind what differs
 * @param setting the broker setting that differs; null for other kinds
 * @param wanted what is declared
 * @param actual what the broker has; null where it has nothing
 */
public record TopicDifference(
        String topic, Kind kind, @Nullable String setting, String wanted, @Nullable String actual) {

    /** What differs, and whether {@link TopicAdmin#apply} puts it right. */
    public enum Kind {
        MISSING(true),
        TOO_FEW_PARTITIONS(true),
        TOO_MANY_PARTITIONS(false),
        REPLICATION(false),
        SETTING(true);

        private final boolean applied;

        Kind(boolean applied) {
            this.applied = applied;
        }
    }

    static TopicDifference missing(String topic) {
        return new TopicDifference(topic, Kind.MISSING, null, "the topic", null);
    }

    static TopicDifference partitions(String topic, int wanted, int actual) {
        return new TopicDifference(
                topic,
                actual < wanted ? Kind.TOO_FEW_PARTITIONS : Kind.TOO_MANY_PARTITIONS,
                null,
                String.valueOf(wanted),
                String.valueOf(actual));
    }

    static TopicDifference replication(String topic, int wanted, int actual) {
        return new TopicDifference(
                topic, Kind.REPLICATION, null, String.valueOf(wanted), String.valueOf(actual));
    }

    static TopicDifference setting(
            String topic, String setting, String wanted, @Nullable String actual) {
        return new TopicDifference(topic, Kind.SETTING, setting, wanted, actual);
    }

    /** Whether {@link TopicAdmin#apply} puts it right. */
    public boolean isApplied() {
        return kind.applied;
    }

    /** The difference and what to do about it, one line for an operator. */
    public String describe() {
        return switch (kind) {
            case MISSING -> topic + " does not exist; topics apply creates it";
            case TOO_FEW_PARTITIONS ->
                    topic
                            + " has "
                            + actual
                            + " partitions, declared are "
                            + wanted
                            + "; topics apply adds them (keys then change their partition)";
            case TOO_MANY_PARTITIONS ->
                    topic
                            + " has "
                            + actual
                            + " partitions, declared are "
                            + wanted
                            + "; Kafka cannot remove partitions: raise the number in topics.yaml, or"
                            + " delete the topic and apply again, which loses its records";
            case REPLICATION ->
                    topic
                            + " has replication "
                            + actual
                            + ", wanted is "
                            + wanted
                            + "; move it with kafka-reassign-partitions";
            case SETTING ->
                    topic
                            + " has "
                            + setting
                            + "="
                            + actual
                            + ", declared is "
                            + wanted
                            + "; topics apply sets it";
        };
    }
}
