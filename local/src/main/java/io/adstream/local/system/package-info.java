/** The system as a whole: its data directory, starting, watching, stopping, and its status. */
@NullMarked
package io.adstream.local.system;

import org.jspecify.annotations.NullMarked;
