/** Whether conversions arrive at all. */
@NullMarked
package io.adstream.anomaly.platform;

import org.jspecify.annotations.NullMarked;
