/** Alerts as every job sends them to topic {@code alerts}. */
@NullMarked
package io.adstream.common.alert;

import org.jspecify.annotations.NullMarked;
