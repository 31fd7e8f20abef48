/**
 * What the metrics job must have made of its input: a batch count in plain Java that shares no code
 * with the product, and comparisons with what the services hold.
 */
@NullMarked
package io.adstream.testing.oracle;

import org.jspecify.annotations.NullMarked;
