/** What the sinks of all stores do alike: wait for a store that is away, and say so. */
@NullMarked
package io.adstream.common.store;

import org.jspecify.annotations.NullMarked;
