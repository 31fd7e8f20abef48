/**
 * Redis: versioned writes that are safe to repeat, waited for while the server is away, and the
 * server's identity.
 */
@NullMarked
package io.adstream.common.redis;

import org.jspecify.annotations.NullMarked;
