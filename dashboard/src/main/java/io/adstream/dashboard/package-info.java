/** The live web page of adstream. */
@NullMarked
package io.adstream.dashboard;

import org.jspecify.annotations.NullMarked;
