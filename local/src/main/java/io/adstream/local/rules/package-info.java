/** Rules of the anomaly job, seen and changed while it runs. */
@NullMarked
package io.adstream.local.rules;

import org.jspecify.annotations.NullMarked;
