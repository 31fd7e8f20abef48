package io.adstream.features.session;

/**
 * A session of a user that has closed, or the removal of one that was merged into another.
 *
 * @param inShop whether of {@code commerce-events}; else of {@code ad-events}
 * @param userId who
 * @param start time of the first event, epoch milliseconds
 * @param end time of the last event, epoch milliseconds
 * @param first views or impressions
 * @param second carts or clicks
 * @param third purchases or conversions
 * @param removed whether the key goes: the session is part of another one
 * @param again whether it was written before: the server may have lost it
 * @param expiresAt when the key goes by itself, by the wall clock
 */
public record SessionRow(
        boolean inShop,
        String userId,
        long start,
        long end,
        int first,
        int second,
        int third,
        boolean removed,
        boolean again,
        long expiresAt) {

    /** Events counted: what decides between two versions of one session. */
    public long events() {
        return (long) first + second + third;
    }

    /**
     * What orders the writes of one key that wait in the sink: more events, and what is written for
     * the first time before what is only repeated, which has less long to live.
     */
    public long rank() {
        return 2 * events() + (again ? 0 : 1);
    }

    /** From the first event to the last, in whole seconds. */
    public long durationSeconds() {
        return (end - start) / 1000;
    }
}
