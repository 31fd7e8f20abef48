package io.adstream.quality.input;

import org.jspecify.annotations.Nullable;

/**
 * A METRICS record, as far as it matters here.
 *
 * @param partition of the topic
 * @param windowEnd end of the row's window, exclusive, epoch milliseconds
 * @param first whether the row is the window's first, not an amendment
 * @param window the row, where it is of an ad and five minutes; null where it tells the time alone
 */
public record MetricsUpdate(
        int partition, long windowEnd, boolean first, @Nullable AdWindow window) {}
