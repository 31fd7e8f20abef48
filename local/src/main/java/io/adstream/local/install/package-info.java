/** What the build left behind: class paths, job jars, configuration, binaries. */
@NullMarked
package io.adstream.local.install;

import org.jspecify.annotations.NullMarked;
