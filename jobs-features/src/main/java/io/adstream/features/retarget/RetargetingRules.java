package io.adstream.features.retarget;

import java.io.Serializable;

/**
 * When a user is worth addressing again. Times are milliseconds.
 *
 * @param cartTimeout how long after a cart event nothing is bought
 * @param repeatedViews how many views of a product count as repeated
 * @param viewSpan the time that these views may take, both ends included
 * @param timeToLive how long a signal is in force
 * @param maxProducts products of a user whose views are remembered, the newest
 * @param maxSignals signals of a user that are in force at a time
 */
public record RetargetingRules(
        long cartTimeout,
        int repeatedViews,
        long viewSpan,
        long timeToLive,
        int maxProducts,
        int maxSignals)
        implements Serializable {}
