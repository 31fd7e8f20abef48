/** Correcting by hand the counters that ad servers keep of budgets. */
@NullMarked
package io.adstream.local.budget;

import org.jspecify.annotations.NullMarked;
