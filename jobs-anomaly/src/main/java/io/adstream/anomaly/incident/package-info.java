/** Incidents from their opening to their end, one by one and in storms. */
@NullMarked
package io.adstream.anomaly.incident;

import org.jspecify.annotations.NullMarked;
