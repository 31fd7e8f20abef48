package io.adstream.common.event;

/**
 * Why a record was rejected. The set is closed: the names are the values of the dead-letter header
 * {@code __flink.errors.code} and the keys of {@code realtime.ingest_1min.by_code}.
 *
 * <p>The order is the order in which the causes are judged; per field only the first applies.
 */
public enum RejectCode {
    /** The value is over 64 KiB. */
    TOO_LARGE,
    /** Not exactly one UTF-8 JSON object within the depth limit, or a contract field twice. */
    MALFORMED,
    /** A required field is absent or null. */
    MISSING_FIELD,
    /** A field has another JSON type than the contract says. */
    BAD_TYPE,
    /** {@code event_type} is a string that names no known type. */
    UNKNOWN_EVENT_TYPE,
    /** The right JSON type, but an impossible value. */
    BAD_VALUE,
    /** The event time is more than five minutes after the Kafka timestamp. */
    FUTURE_EVENT_TIME,
    /** A known event id whose parsed contract fields differ. */
    ID_CONFLICT
}
