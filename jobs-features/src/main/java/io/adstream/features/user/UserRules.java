package io.adstream.features.user;

import io.adstream.features.retarget.RetargetingRules;
import java.io.Serializable;

/**
 * What features are made by. Times are milliseconds.
 *
 * @param lateness how long after its end an hour or a session can be amended
 * @param hourTimeToLive how long Redis serves an hour
 * @param sessionTimeToLive how long Redis serves a session
 * @param profileTimeToLive how long after the newest event a profile is kept and served
 * @param halfLife after which interest is half of what it was
 * @param maxCategories categories of a user, those with the greatest interest
 * @param topCategories how many of them are the top ones
 * @param retargeting when a user is worth addressing again
 */
public record UserRules(
        long lateness,
        long hourTimeToLive,
        long sessionTimeToLive,
        long profileTimeToLive,
        long halfLife,
        int maxCategories,
        int topCategories,
        RetargetingRules retargeting)
        implements Serializable {

    /** How long after its end a session is kept. */
    long sessionRetention() {
        return Math.max(lateness, sessionTimeToLive);
    }
}
