package io.adstream.local.traffic;

/** The two topics that the platform's events are sent to. */
public enum InputTopic {
    AD_EVENTS("ad-events"),
    COMMERCE_EVENTS("commerce-events");

    private final String topic;

    InputTopic(String topic) {
        this.topic = topic;
    }

    /** The topic's name in Kafka. */
    public String topic() {
        return topic;
    }

    /**
     * The topic of that name.
     *
     * @throws IllegalArgumentException where the name is not an input topic
     */
    public static InputTopic named(String name) {
        for (InputTopic candidate : values()) {
            if (candidate.topic.equals(name)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException(
                "Unknown input topic '" + name + "'; allowed are ad-events and commerce-events.");
    }
}
