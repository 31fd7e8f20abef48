/** What the jobs leave in Redis and PostgreSQL, written by hand: for tests of those who read it. */
@NullMarked
package io.adstream.testing.platform;

import org.jspecify.annotations.NullMarked;
