package io.adstream.metrics.slice;

import io.adstream.common.money.Micros;
import io.adstream.metrics.EntityType;
import org.jspecify.annotations.Nullable;

/**
 * What one subtask counted for one entity in one minute since its last flush.
 *
 * <p>The window aggregates are sums of these and of nothing else, which is why they agree.
 */
public final class SliceDelta {

    /** The entity, see {@link EntityType#key(String)}. */
    public String entityKey;

    /** Start of the minute of the events' time, epoch milliseconds. */
    public long minute;

    public long impressions;
    public long clicks;
    public long conversions;

    /** Sum of the clicks' prices, micros. */
    public long cost;

    /** Sum of the conversions' values, micros. */
    public long revenue;

    /** What the latest event said; null for campaigns and advertisers. */
    public @Nullable Latest latest;

    /** When the newest of the records flushed together arrived in Kafka, epoch milliseconds. */
    public long arrival;

    public SliceDelta(String entityKey, long minute) {
        this.entityKey = entityKey;
        this.minute = minute;
    }

    /** Adds the sums of another delta. */
    void addSums(Slice slice) {
        impressions += slice.impressions;
        clicks += slice.clicks;
        conversions += slice.conversions;
        cost = Micros.addCapped(cost, slice.cost);
        revenue = Micros.addCapped(revenue, slice.revenue);
    }
}
