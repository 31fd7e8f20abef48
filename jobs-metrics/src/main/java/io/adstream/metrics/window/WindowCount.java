package io.adstream.metrics.window;

import io.adstream.common.money.Micros;
import io.adstream.metrics.slice.Latest;
import io.adstream.metrics.slice.SliceDelta;
import org.jspecify.annotations.Nullable;

/** Sums of one entity in one window. */
final class WindowCount {

    /** Start of the window, epoch milliseconds. */
    final long start;

    long impressions;
    long clicks;
    long conversions;

    /** Sum of the clicks' prices, micros. */
    long cost;

    /** Sum of the conversions' values, micros. */
    long revenue;

    /** How often the row was written; 0 while the window is open. */
    int revision;

    /** What the latest event of the window said; null for campaigns and advertisers. */
    @Nullable Latest latest;

    WindowCount(long start) {
        this.start = start;
    }

    void add(SliceDelta delta) {
        impressions += delta.impressions;
        clicks += delta.clicks;
        conversions += delta.conversions;
        cost = Micros.addCapped(cost, delta.cost);
        revenue = Micros.addCapped(revenue, delta.revenue);
        if (delta.latest != null) {
            latest = Latest.later(latest, delta.latest);
        }
    }

    boolean isClosed() {
        return revision > 0;
    }
}
