/** What is usual for an ad, and what is not. */
@NullMarked
package io.adstream.anomaly.ad;

import org.jspecify.annotations.NullMarked;
