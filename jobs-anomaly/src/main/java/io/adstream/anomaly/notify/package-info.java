/** Alerts of all jobs on their way to tables, the live stream and people. */
@NullMarked
package io.adstream.anomaly.notify;

import org.jspecify.annotations.NullMarked;
