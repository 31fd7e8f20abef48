package io.adstream.attribution.touch;

/**
 * A click or a conversion under one of its ids.
 *
 * @param kind what happened
 * @param key the session or device
 * @param time event time, epoch milliseconds
 * @param body of a click its {@link TouchBytes}, of a conversion its {@link ConversionBytes}; never
 *     changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record KeyEvent(Kind kind, String key, long time, byte[] body) {

    /** What happened. */
    public enum Kind {
        CLICK,
        CONVERSION
    }
}
