/** Event time as text and as epoch milliseconds. */
@NullMarked
package io.adstream.common.time;

import org.jspecify.annotations.NullMarked;
