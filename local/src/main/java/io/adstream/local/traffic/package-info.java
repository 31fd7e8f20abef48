/**
 * The {@code traffic} command: a seeded simulator of a small ad platform, and the replay of a
 * user's own log.
 *
 * <p>{@link io.adstream.local.traffic.Simulation} is pure: no clock, no IO, the same options give
 * the same records. What sends, paces and counts on the wire is around it.
 */
@NullMarked
package io.adstream.local.traffic;

import org.jspecify.annotations.NullMarked;
