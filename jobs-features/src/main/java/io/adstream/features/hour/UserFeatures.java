package io.adstream.features.hour;

/**
 * What a user did in the shop in the hour that ends at a time.
 *
 * @param userId who
 * @param windowEnd end of the hour, exclusive, epoch milliseconds
 * @param views of products
 * @param carts products put into the cart
 * @param purchases products bought
 * @param averagePrice of the viewed products whose price is known, micros; 0 without any
 * @param newest whether no later hour has ended: the one that Redis serves
 * @param again whether it was written before: the server may have lost it
 * @param expiresAt when the key goes, by the wall clock
 */
public record UserFeatures(
        String userId,
        long windowEnd,
        int views,
        int carts,
        int purchases,
        long averagePrice,
        boolean newest,
        boolean again,
        long expiresAt) {

    /** Events counted: what decides between two versions of one window. */
    public long events() {
        return (long) views + carts + purchases;
    }

    /**
     * What orders the writes of one key that wait in the sink: more events, and what is written for
     * the first time before what is only repeated, which has less long to live.
     */
    public long rank() {
        return 2 * events() + (again ? 0 : 1);
    }

    /** Whether nothing happened in the hour: the user has no key then. */
    public boolean isEmpty() {
        return events() == 0;
    }
}
