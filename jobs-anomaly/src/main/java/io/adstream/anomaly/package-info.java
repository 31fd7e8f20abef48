/** The anomaly job: alerts that can be trusted, by rules that change while it runs. */
@NullMarked
package io.adstream.anomaly;

import org.jspecify.annotations.NullMarked;
