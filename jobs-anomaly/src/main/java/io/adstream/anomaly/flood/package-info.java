/** Clicks of one device or one IP in quick succession. */
@NullMarked
package io.adstream.anomaly.flood;

import org.jspecify.annotations.NullMarked;
