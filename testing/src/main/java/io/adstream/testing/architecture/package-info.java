/** The seams between modules, as ArchUnit rules. */
@NullMarked
package io.adstream.testing.architecture;

import org.jspecify.annotations.NullMarked;
