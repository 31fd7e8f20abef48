package io.adstream.testing.oracle;

import java.util.Set;

/**
 * Which events are late. Lateness depends on how far watermarks had come when a record arrived,
 * which no look at the records alone can tell: the caller must know, by having sent events that are
 * late beyond doubt.
 */
@FunctionalInterface
public interface LateRule {

    /** No event is late. */
    LateRule NONE = (event, record) -> false;

    /** Whether this event, sent in this record and no duplicate, is late. */
    boolean isLate(AdEvent event, InputRecord record);

    /** Late are the events with these ids. */
    static LateRule ids(Set<String> eventIds) {
        return (event, record) -> eventIds.contains(event.eventId());
    }
}
