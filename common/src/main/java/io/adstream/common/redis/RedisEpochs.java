package io.adstream.common.redis;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Watches which Redis it is: a source of the server's {@code run_id}. A change means a server that
 * was started anew and may have come back empty.
 */
public final class RedisEpochs {

    /** How often a job asks the server who it is. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private RedisEpochs() {}

    /** The identities as a stream of a job, with the uid {@code redis-identities}. */
    public static DataStream<String> stream(
            StreamExecutionEnvironment environment, RedisConnectionConfig config) {
        return environment
                .fromSource(
                        source(config, INTERVAL),
                        WatermarkStrategy.noWatermarks(),
                        "redis-identities")
                .uid("redis-identities")
                .setParallelism(1);
    }

    /**
     * A source for parallelism 1 that never ends. It emits the {@code run_id} every interval; while
     * the server is away the last one known, or an empty text when none is known yet. Its elements
     * have no timestamps and it has no watermarks of its own.
     */
    public static Source<String, ?, ?> source(RedisConnectionConfig config, Duration interval) {
        return new DataGeneratorSource<>(
                new Poll(config),
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(1000.0 / interval.toMillis()),
                Types.STRING);
    }

    private static final class Poll implements GeneratorFunction<Long, String> {

        private static final long serialVersionUID = 1L;

        private final RedisConnectionConfig config;
        private transient @Nullable RedisServerIdentity server;
        private String known = "";

        Poll(RedisConnectionConfig config) {
            this.config = config;
        }

        @Override
        public void open(SourceReaderContext context) {
            server = new RedisServerIdentity(config);
        }

        @Override
        public String map(Long poll) {
            String runId = server == null ? null : server.runId();
            if (runId != null) {
                known = runId;
            }
            return known;
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }
}
