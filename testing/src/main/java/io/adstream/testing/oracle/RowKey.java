package io.adstream.testing.oracle;

import java.time.Instant;
import java.util.Comparator;

/**
 * What a row is about.
 *
 * @param entityType AD, CAMPAIGN or ADVERTISER
 */
public record RowKey(String entityType, String entityId, Window window, Instant windowStart)
        implements Comparable<RowKey> {

    private static final Comparator<RowKey> ORDER =
            Comparator.comparing(RowKey::window)
                    .thenComparing(RowKey::entityType)
                    .thenComparing(RowKey::entityId)
                    .thenComparing(RowKey::windowStart);

    /** First instant after the window. */
    public Instant windowEnd() {
        return windowStart.plus(window.length());
    }

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return entityType + ":" + entityId + ":" + window.label() + ":" + windowStart;
    }
}
