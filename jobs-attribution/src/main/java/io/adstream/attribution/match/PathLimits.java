package io.adstream.attribution.match;

import java.io.Serializable;

/**
 * How much of a path is kept.
 *
 * @param clicksPerKey of the clicks of one session or device in the window this many count, the
 *     newest
 * @param path a result names this many touches, the first and the newest others
 */
public record PathLimits(int clicksPerKey, int path) implements Serializable {}
