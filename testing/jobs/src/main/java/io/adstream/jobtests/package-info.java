/** Tests that every job takes. What expects something of results is in {@code testing}. */
@NullMarked
package io.adstream.jobtests;

import org.jspecify.annotations.NullMarked;
