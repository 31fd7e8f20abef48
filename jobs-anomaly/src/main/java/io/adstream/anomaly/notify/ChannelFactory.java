package io.adstream.anomaly.notify;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Makes the channel of a subtask. */
@FunctionalInterface
interface ChannelFactory extends Serializable {

    /** The channel, or null where none is set up. */
    @Nullable Channel open();
}
