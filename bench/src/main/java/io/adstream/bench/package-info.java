/** Benchmarks of adstream beside the alternatives that a user would pick. */
@NullMarked
package io.adstream.bench;

import org.jspecify.annotations.NullMarked;
