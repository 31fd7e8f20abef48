package io.adstream.anomaly.notify;

import io.adstream.common.store.OnceOnly;
import java.io.Serializable;
import org.apache.flink.metrics.MetricGroup;

/** Makes the claims of a channel. */
@FunctionalInterface
public interface ClaimsFactory extends Serializable {

    /**
     * Opens them; they connect when they are used.
     *
     * @param channel the channel's name
     */
    OnceOnly open(String channel, MetricGroup metrics);
}
