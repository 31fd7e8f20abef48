/** Processes of the operating system: started detached, known again by their pid files, watched. */
@NullMarked
package io.adstream.local.process;

import org.jspecify.annotations.NullMarked;
