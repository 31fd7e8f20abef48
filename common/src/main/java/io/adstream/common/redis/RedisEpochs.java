package io.adstream.common.redis;

import java.time.Duration;
import org.apache.flink.api.connector.source.Source;

/**
 * Watches which Redis it is: a source of the server's {@code run_id}. A change means a server that
 * was started anew and may have come back empty.
 */
public final class RedisEpochs {

    private RedisEpochs() {}

    /**
     * A source for parallelism 1 that never ends. It emits the {@code run_id} every interval; while
     * the server is away the last one known, or an empty text when none is known yet.
     */
    public static Source<String, ?, ?> source(RedisConnectionConfig config, Duration interval) {
        throw new UnsupportedOperationException(config + " " + interval);
    }
}
