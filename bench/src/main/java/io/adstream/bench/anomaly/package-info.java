/** Labelled runs of the anomaly job, and how soon it finds a flood. */
package io.adstream.bench.anomaly;
