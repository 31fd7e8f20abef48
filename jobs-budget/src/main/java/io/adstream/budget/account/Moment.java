package io.adstream.budget.account;

/**
 * When something is decided.
 *
 * @param stream the time of {@link EventClock}, epoch milliseconds, or {@link EventClock#UNKNOWN}
 * @param wall wall clock, epoch milliseconds
 */
public record Moment(long stream, long wall) {

    public boolean knowsStream() {
        return stream != EventClock.UNKNOWN;
    }
}
