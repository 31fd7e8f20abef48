package io.adstream.features.retarget;

import java.util.List;

/**
 * The signals of a user that are in force.
 *
 * @param userId who
 * @param signals the newest first; none: the key goes
 * @param version grows with each change; no less than its event time in epoch milliseconds
 * @param expiresAt when the key goes by itself, by the wall clock
 */
public record RetargetingRow(String userId, List<Signal> signals, long version, long expiresAt) {}
