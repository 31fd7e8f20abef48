package io.adstream.features.user;

import io.adstream.features.profile.Interests;
import io.adstream.features.retarget.SignalNotice;

/** Takes what is new of a user. */
interface UserOutput {

    /** An hour has ended, was amended, or ended with nothing in it. */
    void hour(
            User user,
            long end,
            int views,
            int carts,
            int purchases,
            long averagePrice,
            boolean newest);

    /**
     * A session has closed, was amended, or is part of another one now.
     *
     * @param counts events by kind; not to be changed
     */
    void session(User user, boolean inShop, long start, long last, int[] counts, boolean removed);

    /** What is known of a user's interests at the end of a minute with an event that shows any. */
    void minute(User user, Interests interests);

    /** A profile is over: so long ago was the newest event. */
    void profileOver(User user, long newest);

    /** A signal began or was settled. */
    void signal(SignalNotice notice);

    /** The signals in force are others than before. */
    void signalsChanged(User user);

    /** An event was too late for every session. */
    void lateForSessions();
}
