/** A Flink cluster in the test JVM, configured as in production, and what tests ask of it. */
@NullMarked
package io.adstream.testing.flink;

import org.jspecify.annotations.NullMarked;
