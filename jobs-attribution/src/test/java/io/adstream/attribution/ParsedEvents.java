package io.adstream.attribution;

import io.adstream.common.event.EventContract;
import io.adstream.common.event.EventParser;
import io.adstream.common.event.InputEvent;
import io.adstream.testing.events.EventJson;
import java.time.ZoneOffset;

/** Events as the source hands them on: built as JSON and read by the real parser. */
public final class ParsedEvents {

    private static final EventParser PARSER =
            new EventParser(EventContract.AD_EVENTS, ZoneOffset.UTC);

    private ParsedEvents() {}

    /** A record of {@code ad-events} that no clock finds too early. */
    public static InputEvent parse(EventJson<?> json) {
        return parse(json, Long.MAX_VALUE);
    }

    /** A record of {@code ad-events} that arrived at a time, epoch milliseconds. */
    public static InputEvent parse(EventJson<?> json, long arrival) {
        InputEvent event = EventContract.AD_EVENTS.newEvent();
        PARSER.parse(json.json(), arrival, event);
        return event;
    }
}
