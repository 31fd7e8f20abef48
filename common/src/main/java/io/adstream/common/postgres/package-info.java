/**
 * PostgreSQL: batched, sorted, guarded upserts that are safe to repeat and waited for while the
 * server is away.
 */
@NullMarked
package io.adstream.common.postgres;

import org.jspecify.annotations.NullMarked;
