package io.adstream.common;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.common.event.InputEventType;
import io.adstream.testing.events.EventJson;
import java.time.Instant;
import java.time.ZoneOffset;

/** Events as the source hands them on: built as JSON and read by the real parser. */
public final class ParsedEvents {

    public static final InputEventType TYPE =
            new InputEventType(
                    EventContract.AD_EVENTS.stringFields(), EventContract.AD_EVENTS.numberFields());

    private static final EventParser AD_EVENTS =
            new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);
    private static final EventParser COMMERCE_EVENTS =
            new EventParser(EventContract.COMMERCE_EVENTS, ZoneOffset.UTC);

    private ParsedEvents() {}

    /** A record of {@code ad-events} that arrived at a time. */
    public static InputEvent adEvent(EventJson<?> json, Instant arrival) {
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        AD_EVENTS.parse(json.json(), arrival.toEpochMilli(), event);
        return event;
    }

    /** A record of {@code commerce-events} that arrived at a time. */
    public static InputEvent commerceEvent(EventJson<?> json, Instant arrival) {
        InputEvent event = EventContract.COMMERCE_EVENTS.newEvent();
        COMMERCE_EVENTS.parse(json.json(), arrival.toEpochMilli(), event);
        return event;
    }
}
