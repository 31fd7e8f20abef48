package io.adstream.common.event;

import org.jspecify.annotations.Nullable;

/**
 * A Kafka header as it was on the record.
 *
 * @param key the header's name
 * @param value its bytes, possibly null
 */
@SuppressWarnings("ArrayRecordComponent") // carried through unchanged, never compared
public record RawHeader(String key, byte @Nullable [] value) {}
