package io.adstream.common.event;

import io.adstream.common.event.EventContract.Field;
import io.adstream.common.event.EventContract.Kind;
import io.adstream.common.time.EventTimeReader;
import io.adstream.common.time.EventTimes;
import java.time.ZoneId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of one input record and judges it by its {@link EventContract}.
 *
 * <p>The text is scanned once and whole before any field is judged, so that {@link
 * RejectCode#MALFORMED} wins wherever it is found. Then the fields are judged in contract order and
 * the first offending one gives the verdict. A valid value without escapes costs no allocation.
 *
 * <p>Of a record of a type that the job does not use only what is needed to tell its time is
 * judged; see {@link InputEvent#skipped}.
 *
 * <p>A parser keeps scratch space: one per thread. It is not serializable; make it where it runs.
 */
public final class EventParser {

    /** A longer value is {@link RejectCode#TOO_LARGE}. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Most characters (code points) of a string that some event type requires; at least one. */
    public static final int MAX_REQUIRED_CHARACTERS = 128;

    /** Most characters (code points) of an optional string, which may also be empty. */
    public static final int MAX_OPTIONAL_CHARACTERS = 8 * 1024;

    /**
     * How far, in milliseconds, an event time may be after the record's Kafka timestamp. What is
     * further ahead comes from a wrong clock and would close windows for everybody else.
     */
    public static final long MAX_FUTURE_MILLIS = 5 * 60_000L;

    private final EventContract contract;
    private final Field[] fields;
    private final Kind[] kinds;
    private final int[] indexes;
    private final int[] leastCharacters;
    private final int[] mostCharacters;
    private final NameTable eventTypes;
    private final int skippedTypes;

    /** The field in contract order after which both event type and event time are known. */
    private final int typeAndTimeKnown;

    private final ObjectScanner scanner;
    private final DecimalReader decimals = new DecimalReader();
    private final EventTimeReader times;
    private final Fingerprints fingerprints;

    /** Unescaped strings of the record at hand. */
    private final byte[] unescaped = new byte[MAX_BYTES + ObjectScanner.SLACK];

    private int unescapedLength;

    /**
     * @param contract the contract of the topic
     * @param zone the zone of times that name none
     */
    public EventParser(EventContract contract, ZoneId zone) {
        this(contract, zone, 0);
    }

    /**
     * @param contract the contract of the topic
     * @param zone the zone of times that name none
     * @param skippedTypes event types that the job does not use, one bit per index into {@link
     *     EventContract#eventTypes()}
     */
    public EventParser(EventContract contract, ZoneId zone, int skippedTypes) {
        this.contract = contract;
        this.skippedTypes = skippedTypes;
        fields = contract.fields().toArray(new Field[0]);
        kinds = contract.kinds().toArray(new Kind[0]);
        indexes = contract.fields().stream().mapToInt(Field::index).toArray();
        leastCharacters = new int[fields.length];
        mostCharacters = new int[fields.length];
        for (int i = 0; i < fields.length; i++) {
            leastCharacters[i] = fields[i].everRequired() ? 1 : 0;
            mostCharacters[i] =
                    fields[i].everRequired() ? MAX_REQUIRED_CHARACTERS : MAX_OPTIONAL_CHARACTERS;
        }
        typeAndTimeKnown =
                Math.max(
                        contract.kinds().indexOf(Kind.EVENT_TYPE),
                        contract.kinds().indexOf(Kind.TIME));
        eventTypes = new NameTable(contract.eventTypes());
        scanner =
                new ObjectScanner(contract.fields().stream().map(Field::name).toList(), MAX_BYTES);
        times = new EventTimeReader(zone);
        fingerprints = new Fingerprints(contract, MAX_BYTES);
    }

    /**
     * Parses a value into {@code into}: sets the value, the Kafka timestamp, every parsed field,
     * both hashes, and the verdict. Key, headers, partition and offset are left alone. On rejection
     * the parsed fields and hashes are undefined.
     *
     * @param value the record's value; null for a tombstone. Kept by reference
     * @param kafkaTimestamp epoch milliseconds
     * @param into an event made by {@link EventContract#newEvent()}, possibly used before
     * @return why the record is rejected, or null where it is valid
     */
    public @Nullable RejectCode parse(
            byte @Nullable [] value, long kafkaTimestamp, InputEvent into) {
        into.value = value;
        into.kafkaTimestamp = kafkaTimestamp;
        into.decoded = null;
        into.farNumber = false;
        into.rejected = null;
        into.rejectMessage = null;
        into.skipped = false;
        if (value == null) {
            return reject(into, RejectCode.MALFORMED, "no value (a tombstone)");
        }
        if (value.length > MAX_BYTES) {
            return reject(
                    into,
                    RejectCode.TOO_LARGE,
                    value.length + " bytes, at most " + MAX_BYTES + " are allowed");
        }
        if (!scanner.scan(value)) {
            return reject(into, RejectCode.MALFORMED, malformed(value));
        }
        into.farNumber = scanner.farNumber();
        unescapedLength = 0;
        for (int i = 0; i < fields.length; i++) {
            if (!judge(i, into)) {
                return into.rejected;
            }
            if (i == typeAndTimeKnown && (skippedTypes & 1 << into.eventType) != 0) {
                into.skipped = true;
                return judgeFuture(into);
            }
        }
        if (scanner.otherUnclean()) {
            return reject(
                    into,
                    RejectCode.BAD_VALUE,
                    "a string outside the contract holds U+0000 or a lone surrogate");
        }
        if (unescapedLength > 0) {
            into.decoded = Arrays.copyOf(unescaped, unescapedLength);
        }
        if (judgeFuture(into) != null) {
            return into.rejected;
        }
        int id = contract.eventIdField();
        int idLength = into.length(id);
        into.idHash = idLength > 0 ? Fingerprints.id(into.bytes(id), into.offset(id), idLength) : 0;
        into.payloadHash = fingerprints.payload(into, scanner.text, unescaped);
        return null;
    }

    private static @Nullable RejectCode judgeFuture(InputEvent into) {
        return into.eventTime - MAX_FUTURE_MILLIS > into.kafkaTimestamp
                ? reject(into, RejectCode.FUTURE_EVENT_TIME, future(into))
                : null;
    }

    /** Judges one field and takes its value; false where the record is rejected for it. */
    private boolean judge(int i, InputEvent into) {
        byte token = scanner.token(i);
        if (token == ObjectScanner.NULL) {
            return judgeAbsent(i, into);
        }
        // Asked in the order of frequency, which is faster than a switch.
        if (kinds[i] == Kind.STRING) {
            return judgeString(i, token, into);
        }
        if (kinds[i] == Kind.NUMBER) {
            return judgeNumber(i, token, into);
        }
        return kinds[i] == Kind.TIME ? judgeTime(i, token, into) : judgeEventType(i, token, into);
    }

    private boolean judgeAbsent(int i, InputEvent into) {
        Field field = fields[i];
        if (field.alwaysRequired() || (field.everRequired() && field.requiredFor(into.eventType))) {
            reject(into, RejectCode.MISSING_FIELD, field.name() + " is required");
            return false;
        }
        if (kinds[i] == Kind.NUMBER) {
            into.numbers[indexes[i]] = InputEvent.NO_NUMBER;
        } else {
            into.starts[indexes[i]] = 0;
            into.lengths[indexes[i]] = InputEvent.ABSENT;
        }
        return true;
    }

    private boolean judgeString(int i, byte token, InputEvent into) {
        if (token != ObjectScanner.STRING) {
            return badType(i, into, "a string");
        }
        if (scanner.unclean(i)) {
            return unclean(i, into);
        }
        int start = scanner.start(i);
        int length = scanner.end(i) - start;
        byte[] bytes = scanner.text;
        int from = start;
        if (scanner.escaped(i)) {
            from = unescapedLength;
            bytes = unescaped;
            length = scanner.decode(start, scanner.end(i), unescaped, from);
            unescapedLength += length;
            start = scanner.length() + from;
        }
        if (length < leastCharacters[i]) {
            return badValue(i, into, "is empty");
        }
        // Never more characters than bytes.
        if (length > mostCharacters[i]) {
            int characters = characters(bytes, from, length);
            if (characters > mostCharacters[i]) {
                String most = " characters, at most " + mostCharacters[i] + " are allowed";
                return badValue(i, into, "has " + characters + most);
            }
        }
        into.starts[indexes[i]] = start;
        into.lengths[indexes[i]] = length;
        return true;
    }

    private boolean judgeEventType(int i, byte token, InputEvent into) {
        if (token != ObjectScanner.STRING) {
            return badType(i, into, "a string");
        }
        // No name of a type is empty, long or unclean: what is so names none.
        if (!scanner.unclean(i)) {
            byte[] bytes = scanner.text;
            int from = scanner.start(i);
            int length = scanner.end(i) - from;
            if (scanner.escaped(i)) {
                length = scanner.decode(from, scanner.end(i), unescaped, unescapedLength);
                bytes = unescaped;
                from = unescapedLength;
            }
            int type = eventTypes.find(bytes, from, length);
            if (type != NameTable.UNKNOWN) {
                into.eventType = type;
                return true;
            }
        }
        reject(
                into,
                RejectCode.UNKNOWN_EVENT_TYPE,
                about(i, "is none of " + String.join(", ", contract.eventTypes())));
        return false;
    }

    private boolean judgeTime(int i, byte token, InputEvent into) {
        long time;
        if (token == ObjectScanner.STRING) {
            if (scanner.unclean(i)) {
                return unclean(i, into);
            }
            int from = scanner.start(i);
            int to = scanner.end(i);
            if (scanner.escaped(i)) {
                int length = scanner.decode(from, to, unescaped, unescapedLength);
                time = times.read(unescaped, unescapedLength, length);
            } else {
                time = times.read(scanner.text, from, to - from);
            }
            if (time == EventTimeReader.INVALID) {
                return badValue(
                        i,
                        into,
                        "is no time of the form YYYY-MM-DDTHH:MM[:SS[.f]][Z|+HH:MM|-HH:MM]");
            }
        } else if (token == ObjectScanner.NUMBER) {
            time = decimals.integer(scanner.text, scanner.start(i), scanner.end(i));
            if (time == DecimalReader.FRACTION) {
                return badType(i, into, "a time as a string or an integer of epoch milliseconds");
            }
            if (time == DecimalReader.ABOVE) {
                return badValue(i, into, "is beyond 64 bits");
            }
        } else {
            return badType(i, into, "a time as a string or an integer of epoch milliseconds");
        }
        if (time < EventTimes.EARLIEST) {
            return badValue(i, into, "is before 2000-01-01T00:00:00Z");
        }
        into.eventTime = time;
        return true;
    }

    private boolean judgeNumber(int i, byte token, InputEvent into) {
        if (token != ObjectScanner.NUMBER) {
            return badType(i, into, "a number");
        }
        long micros = decimals.micros(scanner.text, scanner.start(i), scanner.end(i));
        if (micros == DecimalReader.NEGATIVE) {
            return badValue(i, into, "is negative");
        }
        if (micros == DecimalReader.ABOVE) {
            return badValue(i, into, "is above 9000000000000");
        }
        into.numbers[indexes[i]] = micros;
        return true;
    }

    /** How many code points valid UTF-8 bytes are. */
    private static int characters(byte[] bytes, int from, int length) {
        int characters = 0;
        for (int at = from; at < from + length; at++) {
            if ((bytes[at] & 0xC0) != 0x80) {
                characters++;
            }
        }
        return characters;
    }

    private boolean badType(int i, InputEvent into, String expected) {
        reject(into, RejectCode.BAD_TYPE, about(i, "must be " + expected));
        return false;
    }

    private boolean badValue(int i, InputEvent into, String why) {
        reject(into, RejectCode.BAD_VALUE, about(i, why));
        return false;
    }

    private boolean unclean(int i, InputEvent into) {
        return badValue(i, into, "holds U+0000 or a lone surrogate");
    }

    private static RejectCode reject(InputEvent into, RejectCode code, String message) {
        into.rejected = code;
        into.rejectMessage = message;
        return code;
    }

    private String about(int i, String what) {
        int from = scanner.start(i);
        return fields[i].name()
                + " "
                + what
                + ": "
                + Excerpt.of(scanner.text, from, scanner.end(i) - from);
    }

    private String malformed(byte[] value) {
        if (value.length == 0) {
            return "an empty value";
        }
        int at = scanner.failedAt();
        return "not a JSON object at byte "
                + at
                + ": "
                + scanner.failure()
                + ": "
                + Excerpt.of(value, at, value.length - at);
    }

    private static String future(InputEvent event) {
        StringBuilder message = new StringBuilder("event_time ");
        EventTimes.append(message, event.eventTime);
        message.append(" is more than 5 minutes after the Kafka timestamp ");
        return EventTimes.append(message, event.kafkaTimestamp).toString();
    }
}
