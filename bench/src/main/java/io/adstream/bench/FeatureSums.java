package io.adstream.bench;

/**
 * Hours and sessions of users, added up so that any difference shows.
 *
 * @param hours how many
 * @param hourSum the sum of what {@link #hour} says of each
 * @param sessions how many
 * @param sessionSum the sum of what {@link #session} says of each
 */
public record FeatureSums(long hours, long hourSum, long sessions, long sessionSum) {

    static final FeatureSums NONE = new FeatureSums(0, 0, 0, 0);

    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    /** One number for all that is in an hour. */
    static long hour(
            String user, long end, long views, long carts, long purchases, long averagePrice) {
        return mixed(user, end, views, carts, purchases, averagePrice);
    }

    /** One number for all that is in a session. */
    static long session(String user, long start, long end, long events) {
        return mixed(user, start, end, events);
    }

    private static long mixed(String user, long... values) {
        long mixed = user.hashCode();
        for (long value : values) {
            mixed = (mixed ^ mixed >>> 29) * MULTIPLIER + value;
        }
        return (mixed ^ mixed >>> 32) * MULTIPLIER;
    }

    FeatureSums plusHour(
            String user, long end, long views, long carts, long purchases, long averagePrice) {
        return new FeatureSums(
                hours + 1,
                hourSum + hour(user, end, views, carts, purchases, averagePrice),
                sessions,
                sessionSum);
    }

    FeatureSums plusSession(String user, long start, long end, long events) {
        return new FeatureSums(
                hours, hourSum, sessions + 1, sessionSum + session(user, start, end, events));
    }
}
