package io.adstream.testing.oracle;

/**
 * A record that must be on the dead-letter topic.
 *
 * @param record the record as it came
 * @param code why it was rejected
 */
public record DeadLetter(InputRecord record, Verdict code) {}
