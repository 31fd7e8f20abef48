/** Input records as JSON, built so that a test reads as a sentence. */
@NullMarked
package io.adstream.testing.events;

import org.jspecify.annotations.NullMarked;
