package io.adstream.common.event;

import java.util.ArrayList;
import java.util.List;

/**
 * The fields of an input topic in contract order: the order in which offending fields are judged.
 *
 * <p>The same contract is written as JSON Schema and Avro under {@code conf/schemas/}; a test holds
 * the two against each other.
 */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable copies
public enum EventContract {
    AD_EVENTS("ad-events", List.of("IMPRESSION", "CLICK", "CONVERSION"), AdEvents.EVENT_ID) {
        @Override
        void declare(Fields fields) {
            int served = 1 << AdEvents.IMPRESSION | 1 << AdEvents.CLICK;
            fields.string("event_id", ALWAYS, AdEvents.EVENT_ID)
                    .eventType("event_type")
                    .time("event_time")
                    .string("ad_id", served, AdEvents.AD_ID)
                    .string("campaign_id", served, AdEvents.CAMPAIGN_ID)
                    .string("advertiser_id", served, AdEvents.ADVERTISER_ID)
                    .string("user_id", NEVER, AdEvents.USER_ID)
                    .string("device_id", NEVER, AdEvents.DEVICE_ID)
                    .string("session_id", NEVER, AdEvents.SESSION_ID)
                    .string("ip", NEVER, AdEvents.IP)
                    .string("category", NEVER, AdEvents.CATEGORY)
                    .number("actual_price", AdEvents.ACTUAL_PRICE)
                    .number("conversion_value", AdEvents.CONVERSION_VALUE);
        }
    },

    COMMERCE_EVENTS(
            "commerce-events", List.of("view", "cart", "purchase"), CommerceEvents.EVENT_ID) {
        @Override
        void declare(Fields fields) {
            fields.time("event_time")
                    .eventType("event_type")
                    .string("user_id", ALWAYS, CommerceEvents.USER_ID)
                    .number("price", CommerceEvents.PRICE)
                    .string("event_id", NEVER, CommerceEvents.EVENT_ID)
                    .string("product_id", NEVER, CommerceEvents.PRODUCT_ID)
                    .string("category", NEVER, CommerceEvents.CATEGORY)
                    .string("session_id", NEVER, CommerceEvents.SESSION_ID);
        }
    };

    /** What a field holds, and so which JSON types it takes. */
    public enum Kind {
        /** A JSON string, kept as bytes. */
        STRING,
        /** A JSON string out of {@link EventContract#eventTypes()}. */
        EVENT_TYPE,
        /** An ISO-8601 string, or an integer of epoch milliseconds. */
        TIME,
        /** A JSON number, kept as micros. */
        NUMBER
    }

    /**
     * One field of the contract.
     *
     * @param name its JSON name
     * @param kind what it holds
     * @param index its index among the strings or the numbers of an {@link InputEvent}; -1 for the
     *     event type and the event time, which have fields of their own
     * @param requiredFor the event types that need it, one bit per index into {@link
     *     EventContract#eventTypes()}
     */
    public record Field(String name, Kind kind, int index, int requiredFor) {

        /** Whether an event of this type must have the field. */
        public boolean requiredFor(int eventType) {
            return (requiredFor & 1 << eventType) != 0;
        }

        /** Whether every event needs the field, whatever its type. */
        public boolean alwaysRequired() {
            return requiredFor == ALWAYS;
        }

        /** Whether some event type needs the field; its strings then have 1 to 128 characters. */
        public boolean everRequired() {
            return requiredFor != NEVER;
        }
    }

    private static final int ALWAYS = -1;
    private static final int NEVER = 0;

    private final String topic;
    private final List<String> eventTypes;
    private final List<Field> fields;
    private final int eventIdField;
    private final int stringFields;
    private final int numberFields;

    EventContract(String topic, List<String> eventTypes, int eventIdField) {
        this.topic = topic;
        this.eventTypes = eventTypes;
        this.eventIdField = eventIdField;
        Fields declared = new Fields();
        declare(declared);
        this.fields = List.copyOf(declared.list);
        this.stringFields = declared.strings;
        this.numberFields = declared.numbers;
    }

    abstract void declare(Fields fields);

    /** The topic that carries these records, as named in {@code conf/topics.yaml}. */
    public String topic() {
        return topic;
    }

    /** The fields in contract order. */
    public List<Field> fields() {
        return fields;
    }

    /** What the fields hold, in contract order. */
    List<Kind> kinds() {
        return fields.stream().map(Field::kind).toList();
    }

    /** The values of {@code event_type}; {@link InputEvent#eventType} is an index into them. */
    public List<String> eventTypes() {
        return eventTypes;
    }

    /** Index of {@code event_id} among the string fields. */
    public int eventIdField() {
        return eventIdField;
    }

    /** How many string fields an {@link InputEvent} of this contract has. */
    public int stringFields() {
        return stringFields;
    }

    /** How many numbers an {@link InputEvent} of this contract has. */
    public int numberFields() {
        return numberFields;
    }

    /** An empty record of this contract, for {@link EventParser} to fill. */
    public InputEvent newEvent() {
        InputEvent event = new InputEvent(stringFields, numberFields);
        event.clear();
        return event;
    }

    /** Collects the fields in order and holds the declared indexes against that order. */
    static final class Fields {
        private final List<Field> list = new ArrayList<>();
        private boolean typed;
        private int strings;
        private int numbers;

        Fields string(String name, int requiredFor, int index) {
            if (requiredFor != ALWAYS && requiredFor != NEVER && !typed) {
                throw new IllegalStateException(name + " depends on an event type judged later");
            }
            check(name, index, strings++);
            list.add(new Field(name, Kind.STRING, index, requiredFor));
            return this;
        }

        Fields number(String name, int index) {
            check(name, index, numbers++);
            list.add(new Field(name, Kind.NUMBER, index, NEVER));
            return this;
        }

        Fields eventType(String name) {
            typed = true;
            list.add(new Field(name, Kind.EVENT_TYPE, -1, ALWAYS));
            return this;
        }

        Fields time(String name) {
            list.add(new Field(name, Kind.TIME, -1, ALWAYS));
            return this;
        }

        private static void check(String name, int declared, int actual) {
            if (declared != actual) {
                throw new IllegalStateException(
                        "index of " + name + " is " + declared + ", in contract order " + actual);
            }
        }
    }
}
