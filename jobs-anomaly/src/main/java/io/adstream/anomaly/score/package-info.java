/** Falls of quality scores. */
@NullMarked
package io.adstream.anomaly.score;

import org.jspecify.annotations.NullMarked;
