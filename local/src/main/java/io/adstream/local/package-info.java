/** The {@code adstream} command: the whole system on one machine, and the operator's tools. */
@NullMarked
package io.adstream.local;

import org.jspecify.annotations.NullMarked;
