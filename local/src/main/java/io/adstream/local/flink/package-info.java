/** The Flink session cluster, and the jobs on it. */
@NullMarked
package io.adstream.local.flink;

import org.jspecify.annotations.NullMarked;
