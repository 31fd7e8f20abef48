package io.adstream.testing.oracle;

/** Where an input record ends. The names of the rejecting ones are the codes of the contract. */
public enum Verdict {
    VALID,
    DUPLICATE,
    LATE,
    TOO_LARGE,
    MALFORMED,
    MISSING_FIELD,
    BAD_TYPE,
    UNKNOWN_EVENT_TYPE,
    BAD_VALUE,
    FUTURE_EVENT_TIME,
    ID_CONFLICT;

    /** Whether the record goes to the dead-letter topic, with this name as its code. */
    public boolean isRejected() {
        return this != VALID && this != DUPLICATE && this != LATE;
    }
}
