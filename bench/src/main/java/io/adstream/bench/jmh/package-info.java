/** Micro-benchmarks of what each event costs. */
@NullMarked
package io.adstream.bench.jmh;

import org.jspecify.annotations.NullMarked;
