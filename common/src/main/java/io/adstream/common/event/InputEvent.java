package io.adstream.common.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record of an input topic: its bytes and coordinates as Kafka delivered them, and what the
 * parser found in them.
 *
 * <p>The object is mutable and reused on the hot path: no strings are made while parsing. A string
 * field is a slice of the value's bytes, or of {@link #decoded} where the JSON text held escapes.
 * Which field index means what is defined by the {@link EventContract} of the topic.
 */
public final class InputEvent {

    /** Length of an absent string field. */
    public static final int ABSENT = -1;

    /** An absent number. */
    public static final long NO_NUMBER = Long.MIN_VALUE;

    /** The record's value; null for a tombstone. */
    public byte @Nullable [] value;

    /** The record's key, or null. */
    public byte @Nullable [] key;

    /** The record's headers in order, or null where there are none. */
    public RawHeader @Nullable [] headers;

    /** Which of the topics that a job reads together this came from; 0 where there is but one. */
    public int topic;

    public int partition;
    public long offset;

    /** The record's Kafka timestamp, epoch milliseconds. */
    public long kafkaTimestamp;

    /** Null where the record is valid so far. */
    public @Nullable RejectCode rejected;

    /** What was wrong, for people; null where the record is valid. */
    public @Nullable String rejectMessage;

    /**
     * Whether the job does not use records of this type: only {@link #eventType} and {@link
     * #eventTime} were read.
     */
    public boolean skipped;

    /** Index into {@link EventContract#eventTypes()}. */
    public int eventType;

    /** Event time, epoch milliseconds. */
    public long eventTime;

    /**
     * 64 bits of the event id; 0 where the contract allows an absent id and it is absent or empty.
     */
    public long idHash;

    /** 64 bits over the id and every parsed contract field. */
    public long payloadHash;

    /** Numbers of the contract in micros, in contract order; {@link #NO_NUMBER} where absent. */
    public final long[] numbers;

    /**
     * Starts of the string fields; at or above {@code value.length} they lie in {@link #decoded}.
     */
    public final int[] starts;

    /** Lengths of the string fields in bytes; {@link #ABSENT} where absent. */
    public final int[] lengths;

    /** Unescaped bytes of string fields whose JSON text held escapes; null where none did. */
    public byte @Nullable [] decoded;

    /**
     * Whether the value holds a number, known field or not, that may be beyond what PostgreSQL's
     * {@code numeric} holds: the value then cannot be stored as {@code jsonb} as it is.
     */
    public boolean farNumber;

    public InputEvent(int stringFields, int numberFields) {
        numbers = new long[numberFields];
        starts = new int[stringFields];
        lengths = new int[stringFields];
    }

    /** Whether the string field is there (it may be empty). */
    public boolean has(int field) {
        return lengths[field] != ABSENT;
    }

    /** The array that holds the field's bytes; see {@link #offset(int)}. */
    public byte[] bytes(int field) {
        return starts[field] < value.length || lengths[field] <= 0 ? value : decoded;
    }

    /** Where in {@link #bytes(int)} the field begins. */
    public int offset(int field) {
        int start = starts[field];
        return start < value.length || lengths[field] <= 0 ? start : start - value.length;
    }

    /** Length of the field in bytes, or {@link #ABSENT}. */
    public int length(int field) {
        return lengths[field];
    }

    /** The field as a string, or null where it is absent. Allocates: not for the hot path. */
    public @Nullable String string(int field) {
        int length = lengths[field];
        if (length == ABSENT) {
            return null;
        }
        return length == 0
                ? ""
                : new String(bytes(field), offset(field), length, StandardCharsets.UTF_8);
    }

    /** Forgets all that an earlier record left. */
    public void clear() {
        value = null;
        key = null;
        headers = null;
        topic = 0;
        decoded = null;
        farNumber = false;
        rejected = null;
        rejectMessage = null;
        skipped = false;
        eventType = -1;
        eventTime = Long.MIN_VALUE;
        idHash = 0;
        payloadHash = 0;
        Arrays.fill(numbers, NO_NUMBER);
        Arrays.fill(lengths, ABSENT);
        Arrays.fill(starts, 0);
    }
}
